#!/usr/bin/env bash
# Runs for every submission, in the container of the question.
work=$(mktemp -d)

gradcheck grade /grade/student --exercise softmax-regression --out "$work/graded" --jobs 1 --format prairielearn

mkdir -p /grade/results
cp "$work/graded/prairielearn.json" /grade/results/results.json || cat > /grade/results/results.json <<'END'
{
  "gradable": false,
  "format_errors": "Nothing was graded. If you handed in a Python file, tell the course staff: then it is the grader that failed, and not your code."
}
END
