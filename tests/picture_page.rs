//! `graph` as SVG and as a page, read back by other readers.
#![allow(clippy::unwrap_used, reason = "a test may fail where it stands")]

mod support;

use serde_json::Value;
use std::collections::BTreeSet;
use stowplan::emit::picture::html::html;
use stowplan::emit::picture::labels;
use stowplan::emit::picture::layout::{Layout, NODE_HEIGHT, label_width, lay_out};
use stowplan::emit::picture::svg::svg;
use stowplan::picture::{Extent, Picture};
use stowplan::pipeline;
use stowplan::profile::{Request, Session};
use support::Files;

const SHOP: &str = r#"[stack]
name = "shop"
[db.postgres]
engine = "postgres"
storage = "1Gi"
keys.password = "password"
[api.web]
image = "acme/web:1"
port = "80:8080"
uses = ["postgres", "cart"]
[api.cart]
image = "acme/cart:1"
port = 9000
uses = { web = {}, postgres = "libpq" }
[worker.mail]
image = "acme/mail:1"
uses = ["cart"]
[ingress.front]
host = "shop.example.org"
routes = { "/" = "web" }
[manifest.rights]
yaml = '''
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: { name: "</script><b>&\"'x" }
rules: []
'''
"#;

#[track_caller]
fn draw(stack: &str, profile: &str, extent: Extent) -> Picture {
    let mut session = Session::default();
    let file = session.sources.add("stack.toml", stack);
    let request = Request { stack: file, profile: Some(profile), set: &[] };
    let rendering = pipeline::compile(&mut session, &request, &Files::new(&[]));
    let rendering = rendering.unwrap_or_else(|| panic!("{:#?}", session.report.diagnostics));
    Picture::of(&rendering.made_of.0, &rendering.bundle, &session, extent)
}

/// Nothing lies on anything else, and every line begins and ends at its nodes.
#[track_caller]
fn assert_readable(picture: &Picture, layout: &Layout) {
    assert_eq!((layout.frames.len(), layout.lines.len()), (picture.nodes.len(), picture.edges.len()));
    for (index, one) in layout.frames.iter().enumerate() {
        assert!(one.x >= 0 && one.y >= 0, "{one:?}");
        assert!(one.x + one.width <= layout.width && one.y + NODE_HEIGHT <= layout.height, "{one:?} of {layout:?}");
        for other in &layout.frames[..index] {
            let is_apart = one.x + one.width <= other.x
                || other.x + other.width <= one.x
                || one.y + NODE_HEIGHT <= other.y
                || other.y + NODE_HEIGHT <= one.y;
            assert!(is_apart, "{one:?} lies on {other:?}");
        }
    }
    for (edge, line) in picture.edges.iter().zip(&layout.lines) {
        for (node, (x, y)) in [(edge.from, line[0]), (edge.to, line[line.len() - 1])] {
            let frame = layout.frames[node];
            assert!(x == frame.x || x == frame.x + frame.width, "{edge:?} {line:?} {frame:?}");
            assert_eq!(y, frame.y + NODE_HEIGHT / 2, "{edge:?}");
        }
    }
}

#[test]
fn nodes_do_not_overlap_and_edges_lead_to_them() {
    for extent in [Extent::Components, Extent::Objects] {
        let picture = draw(SHOP, "k3d", extent);
        assert_readable(&picture, &lay_out(&picture));
    }
    let picture = draw(SHOP, "k3d", Extent::Components);
    let layout = lay_out(&picture);
    let x = |id: &str| layout.frames[picture.nodes.iter().position(|node| node.id == id).unwrap()].x;
    assert!(x("internet") < x("ingress_front") && x("ingress_front") < x("api_web") && x("api_web") < x("db_postgres"));
}

#[test]
fn what_is_said_beside_edges_does_not_lie_on_anything() {
    for extent in [Extent::Components, Extent::Objects] {
        let picture = draw(SHOP, "k3d", extent);
        let layout = lay_out(&picture);
        let half = |index: usize| label_width(&picture.edges[index]) / 2;
        let labels = labels::places(&picture, &layout);
        assert_eq!(labels.len(), picture.edges.len());
        for (index, &(x, y)) in labels.iter().enumerate() {
            for (other, &(other_x, other_y)) in labels[..index].iter().enumerate() {
                let is_apart = (x - other_x).abs() >= half(index) + half(other) || (y - other_y).abs() >= 12;
                assert!(is_apart, "{:?} lies on {:?}", picture.edges[index], picture.edges[other]);
            }
            for frame in &layout.frames {
                let is_beside = x + half(index) <= frame.x || x - half(index) >= frame.x + frame.width;
                assert!(is_beside || y + 6 <= frame.y || y - 6 >= frame.y + NODE_HEIGHT, "{:?}", picture.edges[index]);
            }
        }
    }
}

/// Of one stack: who uses stands just before what is used, and edges to one node pass other layers as one line.
#[test]
fn lines_are_short_and_few() {
    let mut stack = String::from(
        "[stack]\nname = \"fan\"\n[ingress.in]\nhost = \"a.example.org\"\nroutes = { \"/\" = \"first\" }\n[api.first]\nimage = \"a:1\"\nport = 80\nuses = [\"last\", \"middle\"]\n[api.middle]\nimage = \"a:1\"\nport = 80\nuses = [\"last\"]\n[api.last]\nimage = \"a:1\"\nport = 80\n[hpa.last]\nmax = 3\ncpu = 80\n",
    );
    for index in 0..5 {
        stack.push_str(&format!("[worker.w{index}]\nimage = \"a:1\"\nuses = [\"first\", \"last\"]\n"));
    }
    let picture = draw(&stack, "k3d", Extent::Components);
    let layout = lay_out(&picture);
    let at = |id: &str| picture.nodes.iter().position(|node| node.id == id).unwrap();
    let middle = |id: &str| layout.frames[at(id)].x + layout.frames[at(id)].width / 2;
    assert_eq!(middle("hpa_last"), middle("api_middle"), "it scales what the layer behind it holds");
    assert_eq!(middle("worker_w0"), middle("ingress_in"));
    let passing: Vec<_> = picture
        .edges
        .iter()
        .zip(&layout.lines)
        .filter(|(edge, line)| edge.to == at("api_last") && line.len() > 4)
        .collect();
    assert_eq!(passing.len(), 5);
    for (_, line) in &passing {
        assert_eq!(line[1..], passing[0].1[1..]);
    }
}

#[test]
fn a_long_chain_in_a_circle_is_laid_out() {
    let mut stack = String::from("[stack]\nname = \"ring\"\n");
    for index in 0..300 {
        let next = (index + 1) % 300;
        stack.push_str(&format!("[api.c{index}]\nimage = \"a:1\"\nport = 80\nuses = [\"c{next}\"]\n"));
    }
    let picture = draw(&stack, "k3d", Extent::Components);
    assert_eq!(picture.edges.len(), 300);
    assert_readable(&picture, &lay_out(&picture));
}

#[test]
fn an_empty_stack_is_an_empty_picture() {
    let picture = draw("[stack]\nname = \"empty\"\n", "k3d", Extent::Components);
    assert!(picture.nodes.is_empty());
    assert!(svg(&picture).ends_with("</svg>\n"));
}

/// The names of the elements of a text in XML; fails where they are not nested, or where text is not escaped.
fn elements(text: &str) -> Vec<&str> {
    let (mut names, mut open) = (Vec::new(), Vec::new());
    let mut rest = text;
    while let Some(start) = rest.find('<') {
        assert!(!rest[..start].contains('>') || open.last() == Some(&"style"), "{}", &rest[..start]);
        let end = start + rest[start..].find('>').unwrap();
        let tag = &rest[start + 1..end];
        assert_eq!(tag.matches('"').count() % 2, 0, "{tag}");
        match tag.strip_prefix('/') {
            Some(name) => assert_eq!(open.pop(), Some(name)),
            None => {
                let name = tag.split([' ', '/']).next().unwrap();
                names.push(name);
                if !tag.ends_with('/') {
                    open.push(name);
                }
            }
        }
        rest = &rest[end + 1..];
    }
    assert!(open.is_empty(), "{open:?}");
    names
}

#[test]
fn the_svg_is_whole_and_everything_in_it_is_escaped() {
    for extent in [Extent::Components, Extent::Objects] {
        let picture = draw(SHOP, "k3d", extent);
        let text = svg(&picture);
        let names = elements(&text);
        let count = |wanted| names.iter().filter(|name| **name == wanted).count();
        assert_eq!(count("g"), picture.nodes.len());
        let named = picture.nodes.iter().filter(|node| !node.kind.is_empty()).count();
        assert_eq!(count("text"), picture.nodes.len() + named + picture.edges.len());
        assert_eq!(text.matches("marker-end").count(), picture.edges.len());
        assert_eq!(count("svg"), 1);
        assert!(!text.contains("<b>") && !text.contains("script>"), "{text}");
        assert!(text.contains("@media (prefers-color-scheme:dark)"));
    }
    assert!(svg(&draw(SHOP, "k3d", Extent::Objects)).contains("&lt;/script&gt;&lt;b&gt;&amp;&quot;&#39;x"));
}

#[test]
fn the_page_needs_nothing_else_and_knows_every_node() {
    let pictures = [draw(SHOP, "k3d", Extent::Objects), draw(SHOP, "kind", Extent::Objects)];
    let page = html(&pictures);
    for outside in ["src=", "href=", "@import", "fetch(", "<link"] {
        assert!(!page.contains(outside), "{outside}");
    }
    let addresses = (page.matches("://").count(), page.matches("http://www.w3.org/2000/svg").count());
    assert_eq!(addresses, (2, 2), "what SVG is called, and no other address");
    assert_eq!(page.matches("<script").count(), 2, "no name begins one");
    assert_eq!(page.matches("</script").count(), 2, "no name ends one");
    assert_eq!(page.matches("<section").count(), 2);
    assert!(page.contains("<option value=\"0\">k3d</option><option value=\"1\">kind</option>"), "{page}");
    let data = page.split("id=\"data\">").nth(1).unwrap().split("</script>").next().unwrap();
    let data: Value = serde_json::from_str(data).unwrap();
    let ids: Vec<&str> = page.split(" id=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len(), "ids are unique");
    let drawn = ids.iter().filter(|id| data.get(**id).is_some()).count();
    assert_eq!(drawn, pictures.iter().map(|picture| picture.nodes.len()).sum::<usize>());
    assert_eq!(data.as_object().unwrap().len(), drawn);
    let web = &data["p1_deployment_web"];
    assert_eq!((web["place"].as_str(), web["name"].as_str()), (Some("stack.toml:7"), Some("web")));
    let leads = web["to"].as_array().unwrap();
    assert!(leads.contains(&serde_json::json!({"label": "uses :9000", "node": "p1_service_cart"})), "{leads:?}");
    let edges = data.as_object().unwrap().values().flat_map(|node| [&node["to"], &node["from"]]);
    for edge in edges.flat_map(|edges| edges.as_array().unwrap()) {
        assert!(data.get(edge["node"].as_str().unwrap()).is_some(), "{edge}");
    }
    for edge in page.split("data-from=\"").skip(1) {
        assert!(data.get(edge.split('"').next().unwrap()).is_some(), "{edge}");
    }
}
