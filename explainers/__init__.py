"""Why pooling? Every figure and every number of the site, computed."""
