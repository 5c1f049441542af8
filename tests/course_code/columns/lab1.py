import csv
import numpy as np

def read_auto(path='Auto.csv'):
    rows = []
    with open(path) as f:
        reader = csv.reader(f)
        next(reader)
        for r in reader:
            if '?' in r:
                continue
            rows.append([float(v) for v in r[:8]])
    data = np.array(rows)
    return data[:, 1:], data[:, :1]

inputs, real_values = read_auto()
inputs = (inputs - inputs.mean(axis=0))/inputs.std(axis=0)

def initialize_parameters(nr_inputs):
    weights = np.zeros((nr_inputs, 1))
    offset = 0.
    return weights, offset

def model_forward(inputs, weights, offset):
    predictions = np.zeros((inputs.shape[0], 1))
    for row in range(inputs.shape[0]):
        predictions[row] = np.dot(inputs[row], weights) + offset
    return predictions

def compute_cost(real_values, predictions):
    nr_of_rows = real_values.shape[0]
    cost = 0.
    for row in range(nr_of_rows):
        cost = cost + (predictions[row, 0] - real_values[row, 0])**2
    return cost/(2*nr_of_rows)

def model_backward(inputs, real_values, predictions):
    nr_of_rows, nr_of_cols = inputs.shape
    dW = np.zeros((nr_of_cols, 1))
    db = 0.
    for row in range(nr_of_rows):
        error = predictions[row, 0] - real_values[row, 0]
        db += error
        for col in range(nr_of_cols):
            dW[col, 0] += error*inputs[row, col]
    return dW/nr_of_rows, db/nr_of_rows

def update_parameters(weights, offset, dW, db, learning_rate):
    return weights - learning_rate*dW, offset - learning_rate*db

def train_linear_model(inputs, real_values, iterations=500, learning_rate=0.1):
    weights, offset = initialize_parameters(inputs.shape[1])
    for i in range(iterations):
        predictions = model_forward(inputs, weights, offset)
        if i % 50 == 0:
            print(i, compute_cost(real_values, predictions))
        dW, db = model_backward(inputs, real_values, predictions)
        weights, offset = update_parameters(weights, offset, dW, db, learning_rate)
    return weights, offset

weights, offset = train_linear_model(inputs, real_values)
print('w', weights.T, 'b', offset)
