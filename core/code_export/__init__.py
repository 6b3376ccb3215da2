"""Export an Experiment as a script for PyTorch, Keras or NumPy, and a trained network as ONNX, .npz or safetensors.

Start at ``frameworks.FRAMEWORKS`` and ``frameworks.script_for`` for scripts, and at ``model_formats.MODEL_FORMATS`` for
networks: functions from values to text or bytes. ``files`` writes them to disk.
"""
