"""From a path to bytes and text: recognize the kind of file, unpack archives, decode text."""
