"""Training: first weights, mini-batches, predictions, and the loop round them. The gradients are given."""

from gradcheck import Exercise, Task, mapping

exercise = Exercise(
    "training",
    tasks=(
        Task("initialize_parameters", "layer_sizes, seed", "parameters", judged_by="initial-weights"),
        Task("create_mini_batches", "X, Y, batch_size, seed", "batches", points=2, judged_by="mini-batches"),
        Task("predict", "X, parameters", "labels", judged_by="predictions"),
        Task(
            "train_model",
            "X, Y, X_test, Y_test, parameters, learning_rate, batch_size, epochs, seed",
            ["parameters", mapping("history", ["cost", "accuracy", "test_accuracy"])],
            points=4,
            judged_by="training-run",
        ),
    ),
    given=("softmax", "forward_pass", "mean_cost", "cost_gradients"),
)
