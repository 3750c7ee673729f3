//! stub
use super::{LayerId, Node, Origins};
use crate::{diagnostic::Report, source::{FileId, Sources}};
/// stub
pub fn parse(_file: FileId, _sources: &Sources, _layer: LayerId, _origins: &mut Origins, _report: &mut Report) -> Option<Node> { None }
/// stub
pub fn text_of(_name: &str, _bytes: Vec<u8>, _sources: &mut Sources, _report: &mut Report) -> Option<FileId> { None }
