"""What the site build imports: the Markdown extension through which pages reach the artefacts."""
