"""The reader: text and workbooks people really send -> order lines with doubts. Pure Python, no guessing."""
