//! The llama.cpp backend: our own safe wrapper over llama-cpp-sys-2.
