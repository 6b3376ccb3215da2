"""Convert workbooks, JSON, HTML, ARFF and Parquet files to the text of a table, one module for each format."""
