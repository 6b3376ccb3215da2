"""Drawing points on the output card by mouse and keyboard."""
