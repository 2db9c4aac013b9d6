"""Clean data: duplicates found in the background, with a probability and its reasons; decided by people."""
