//! Compiles the C++ shim over llama.cpp.

#[path = "../build_shim.rs"]
mod build_shim;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    build_shim::Shim {
        name: "hearth_llama_shim",
        folder: "shim",
        include: &["include", "ggml/include", "src"],
    }
    .build()
}
