"""How figures look: type, colours, labels, and the files that a drawing becomes."""
