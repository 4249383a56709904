//! Chat templates through llama.cpp's own Jinja, rendered in a helper process; incremental UTF-8.
