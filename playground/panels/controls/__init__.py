"""The building blocks of the controls: sections, sliders with values, combo boxes, and their bindings to the Experiment."""
