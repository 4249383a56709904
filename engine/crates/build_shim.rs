//! Compiles a crate's C++ shim over llama.cpp, at most once for each Cargo target folder.
//!
//! The build scripts of `chat` and `llama` share this file. Cargo gives every clone of the
//! repository its own `OUT_DIR`, so the finished archive is also kept in `<profile>/shims/` of
//! the target folder, under a hash of all it was made from; a second clone copies it from there.

use std::collections::hash_map::DefaultHasher;
use std::env;
use std::error::Error;
use std::ffi::OsString;
use std::fs;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::Command;

type BuildResult<T> = Result<T, Box<dyn Error>>;

/// A folder of C++ that becomes one static library.
pub(crate) struct Shim<'a> {
    /// Name of the library, unique in the workspace.
    pub(crate) name: &'a str,
    /// Folder of the `.cpp` and `.h` files, seen from the crate; no folders in it.
    pub(crate) folder: &'a str,
    /// Include folders, seen from the `llama.cpp` folder of llama-cpp-sys-2.
    pub(crate) include: &'a [&'a str],
}

impl Shim<'_> {
    /// Compiles the library, or takes it from an earlier build, and has it linked.
    ///
    /// The crate must say `use llama_cpp_sys_2 as _;`: that links the llama.cpp libraries.
    pub(crate) fn build(&self) -> BuildResult<()> {
        println!("cargo:rerun-if-changed=../build_shim.rs");
        println!("cargo:rerun-if-changed={}", self.folder);
        for variable in ["CXX", "CXXFLAGS", "AR"] {
            println!("cargo:rerun-if-env-changed={variable}");
        }
        let out_dir = PathBuf::from(env::var("OUT_DIR")?);
        let llama_cpp = llama_cpp_folder()?;
        let files = files_of(Path::new(self.folder))?;
        let mut compiler = self.compiler(&llama_cpp);
        let key = hash_of(&files, &llama_cpp, &compiler.try_get_compiler()?)?;

        let archive = archive_name(self.name)?;
        let built = out_dir.join(&archive);
        let kept = cache_folder(&out_dir)?.join(format!("{key:016x}-{archive}"));
        if kept.is_file() {
            fs::copy(&kept, &built)?;
        } else {
            let sources = files
                .iter()
                .filter(|file| file.extension().is_some_and(|e| e == "cpp"));
            compiler.files(sources).try_compile(self.name)?;
            keep(&built, &kept)?;
        }
        println!("cargo:rustc-link-search=native={}", out_dir.display());
        println!("cargo:rustc-link-lib=static={}", self.name);
        Ok(())
    }

    fn compiler(&self, llama_cpp: &Path) -> cc::Build {
        let mut build = cc::Build::new();
        // No debug information: it would carry the path of the clone that compiled first.
        build
            .cpp(true)
            .std("c++17")
            .debug(false)
            .cargo_metadata(false)
            .include(self.folder);
        for folder in self.include.iter().map(|folder| llama_cpp.join(folder)) {
            if build.get_compiler().is_like_msvc() {
                build.include(folder);
            } else {
                // Not `-I`: warnings in llama.cpp's headers are not ours to fix.
                build.flag("-isystem").flag(folder);
            }
        }
        build
    }
}

/// The sources that the linked llama.cpp libraries were made from.
///
/// llama-cpp-sys-2 does not export the path, but its `CMakeCache.txt` names it. (`cargo metadata`
/// would need every development dependency downloaded before a plain build.)
fn llama_cpp_folder() -> BuildResult<PathBuf> {
    let root = PathBuf::from(env::var("DEP_LLAMA_ROOT")?);
    let cache = root.join("build").join("CMakeCache.txt");
    let text = fs::read_to_string(&cache).map_err(|e| format!("{}: {e}", cache.display()))?;
    let folder = text
        .lines()
        .find_map(|line| line.strip_prefix("CMAKE_HOME_DIRECTORY:INTERNAL="))
        .ok_or_else(|| format!("{}: no CMAKE_HOME_DIRECTORY", cache.display()))?;
    Ok(PathBuf::from(folder))
}

fn files_of(folder: &Path) -> BuildResult<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        files.push(entry?.path());
    }
    files.sort();
    Ok(files)
}

/// A hash of the shim's files, the version of llama-cpp-sys-2 (part of its folder's name), the
/// target, the compiler with its version, and every flag.
fn hash_of(files: &[PathBuf], llama_cpp: &Path, compiler: &cc::Tool) -> BuildResult<u64> {
    let mut hasher = DefaultHasher::new();
    for file in files {
        file.file_name().hash(&mut hasher);
        fs::read(file)?.hash(&mut hasher);
    }
    llama_cpp.hash(&mut hasher);
    env::var("TARGET")?.hash(&mut hasher);
    compiler.path().hash(&mut hasher);
    compiler.args().hash(&mut hasher);
    // MSVC prints its version without being asked, the others on `--version`.
    let question: &[&str] = if compiler.is_like_msvc() {
        &[]
    } else {
        &["--version"]
    };
    let version = Command::new(compiler.path()).args(question).output()?;
    version.stdout.hash(&mut hasher);
    version.stderr.hash(&mut hasher);
    Ok(hasher.finish())
}

/// `lib<name>.a`, or `<name>.lib` where the target is MSVC.
fn archive_name(name: &str) -> BuildResult<String> {
    Ok(match env::var("CARGO_CFG_TARGET_ENV")?.as_str() {
        "msvc" => format!("{name}.lib"),
        _ => format!("lib{name}.a"),
    })
}

/// `<target folder>/<profile>/shims`, from `<target folder>/<profile>/build/<crate>-<hash>/out`.
fn cache_folder(out_dir: &Path) -> BuildResult<PathBuf> {
    let profile = out_dir
        .ancestors()
        .nth(3)
        .ok_or("OUT_DIR is not deep enough")?;
    let folder = profile.join("shims");
    fs::create_dir_all(&folder)?;
    Ok(folder)
}

/// Copies and renames, so that nobody ever finds half an archive.
fn keep(built: &Path, kept: &Path) -> BuildResult<()> {
    let mut unfinished = OsString::from(kept);
    unfinished.push(format!(".{}", std::process::id()));
    fs::copy(built, &unfinished)?;
    fs::rename(&unfinished, kept)?;
    Ok(())
}
