//! Compiles the C++ shim over llama.cpp's chat templates.

#[path = "../build_shim.rs"]
mod build_shim;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    build_shim::Shim {
        name: "hearth_chat_shim",
        folder: "shim",
        include: &["common", "include", "ggml/include", "vendor"],
    }
    .build()
}
