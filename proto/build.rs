//! Compiles every file of the contract: no protoc, nothing generated in git.

use std::{env, error::Error, fs, path::PathBuf};

use prost::Message as _;
use prost_types::{DescriptorProto, FileDescriptorSet};

fn main() -> Result<(), Box<dyn Error>> {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?);
    let out = PathBuf::from(env::var("OUT_DIR")?);
    let mut files = Vec::new();
    let mut folders = vec![root.join("samordna")];
    while let Some(folder) = folders.pop() {
        println!("cargo:rerun-if-changed={}", folder.display());
        for entry in fs::read_dir(&folder)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "proto") {
                println!("cargo:rerun-if-changed={}", path.display());
                files.push(path);
            }
        }
    }
    println!("cargo:rerun-if-changed={}", root.join("google/type/date.proto").display());
    files.sort();

    let descriptors = protox::compile(&files, [&root])?;
    fs::write(out.join("descriptors.bin"), descriptors.encode_to_vec())?;
    fs::write(out.join("write_requests.rs"), write_requests(&descriptors))?;
    tonic_prost_build::configure().compile_fds(descriptors)?;
    Ok(())
}

/// Implements `WriteRequest` for each message with the fields `request_id` and
/// `validate_only`: which messages write is told by the contract, once.
fn write_requests(descriptors: &FileDescriptorSet) -> String {
    let has = |message: &DescriptorProto, field: &str| {
        message.field.iter().any(|known| known.name() == field)
    };
    let mut code = String::new();
    for file in &descriptors.file {
        let module = file.package().replace('.', "::");
        for message in &file.message_type {
            if has(message, "request_id") && has(message, "validate_only") {
                code += &format!("write_request!(crate::{module}::{});\n", message.name());
            }
        }
    }
    code
}
