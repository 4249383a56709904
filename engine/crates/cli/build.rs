//! The program takes llama.cpp's libraries from its own folder.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    let target = std::env::var("CARGO_CFG_TARGET_OS").unwrap_or_default();
    match target.as_str() {
        // Windows looks in the folder of the program by itself.
        "windows" => {}
        "macos" => println!("cargo:rustc-link-arg-bins=-Wl,-rpath,@loader_path"),
        // The older kind of run path also serves the libraries that these libraries need, and it
        // comes before LD_LIBRARY_PATH, so that nobody can put others in their place.
        _ => println!("cargo:rustc-link-arg-bins=-Wl,--disable-new-dtags,-rpath,$ORIGIN"),
    }
}
