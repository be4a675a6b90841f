//! Other hosts, ports, methods, prefixes of the path.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::Scene;
use crate::diagnose::host::split_port;
use crate::diagnose::parts::Parts;
use crate::diagnose::spelling;

fn host(scene: &Scene<'_>) -> String {
    scene.computed.header("host").map(|host| String::from_utf8_lossy(host).into_owned()).unwrap_or_default()
}

fn with_host(scene: &Scene<'_>, host: &str) -> Parts {
    scene.computed.with_header("host", Some(host.as_bytes()))
}

const PORTS: &[&str] =
    &["443", "80", "9000", "8080", "8443", "3000", "4566", "8000", "3900", "7480", "8333", "9001"];

pub(super) fn other_ports(scene: &Scene<'_>) -> Vec<Parts> {
    let host = host(scene);
    let (name, _) = split_port(&host);
    let forwarded = scene.header("x-forwarded-port").unwrap_or_default();
    let ports = PORTS.iter().copied().chain([forwarded]).filter(|port| !port.is_empty());
    let with_port = ports.map(|port| alloc::format!("{name}:{port}"));
    core::iter::once(name.to_string())
        .chain(with_port)
        .filter(|other| *other != host)
        .map(|other| with_host(scene, &other))
        .collect()
}

pub(super) fn other_hosts(scene: &Scene<'_>) -> Vec<Parts> {
    let host = host(scene);
    let mut names: Vec<String> = scene.hints.hosts().to_vec();
    for header in ["x-forwarded-host", "x-original-host", "x-host", "x-forwarded-server", "x-real-host"] {
        let values = scene.header(header).unwrap_or_default().split(',').map(|name| name.trim().to_string());
        names.extend(values.filter(|name| !name.is_empty()));
    }
    if let Some((_, rest)) = scene.header("forwarded").and_then(|value| value.split_once("host=")) {
        let name = rest.trim_start_matches('"').split([';', ',', '"']).next().unwrap_or_default();
        names.push(name.to_string());
    }
    let Scene { region, service, .. } = scene;
    let bucket = host.split('.').next().unwrap_or_default();
    names.extend([
        alloc::format!("{service}.{region}.amazonaws.com"),
        alloc::format!("{service}.amazonaws.com"),
        alloc::format!("{bucket}.{service}.{region}.amazonaws.com"),
        alloc::format!("{bucket}.{service}.amazonaws.com"),
        alloc::format!("{service}-{region}.amazonaws.com"),
        "localhost".into(),
        "127.0.0.1".into(),
        "minio".into(),
    ]);
    let mut all = Vec::new();
    for name in &names {
        let (plain, port) = split_port(name);
        all.push(name.clone());
        match port {
            Some(_) => all.push(plain.to_string()),
            None => all.extend(PORTS.iter().map(|port| alloc::format!("{name}:{port}"))),
        }
    }
    all.retain(|name| *name != host && !name.is_empty());
    all.iter().map(|name| with_host(scene, name)).collect()
}

pub(super) fn other_cases(scene: &Scene<'_>) -> Vec<Parts> {
    let host = host(scene);
    let mut title = host.clone();
    if let Some(first) = title.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    let mut others = alloc::vec![host.to_ascii_lowercase(), host.to_ascii_uppercase(), title];
    others.extend(scene.hints.hosts().iter().filter(|name| name.eq_ignore_ascii_case(&host)).cloned());
    others.iter().filter(|other| **other != host).map(|other| with_host(scene, other)).collect()
}

/// The bucket in the host instead of the path, and the reverse.
pub(super) fn other_styles(scene: &Scene<'_>) -> Vec<Parts> {
    let host = host(scene);
    let path = &scene.computed.path;
    let mut all = Vec::new();
    if let Some(rest) = path.strip_prefix('/') {
        let (bucket, key) = rest.split_once('/').unwrap_or((rest, ""));
        if !bucket.is_empty() {
            let moved = with_host(scene, &alloc::format!("{bucket}.{host}"));
            all.push(Parts { path: alloc::format!("/{key}"), ..moved });
        }
    }
    // The name of a bucket can contain dots.
    for (dot, _) in host.match_indices('.').take(4) {
        let (bucket, rest) = host.split_at_checked(dot).unwrap_or_default();
        let moved = with_host(scene, rest.trim_start_matches('.'));
        all.push(Parts { path: alloc::format!("/{bucket}{path}"), ..moved.clone() });
        if path == "/" {
            all.push(Parts { path: alloc::format!("/{bucket}"), ..moved });
        }
    }
    all
}

pub(super) fn methods(scene: &Scene<'_>) -> Vec<Parts> {
    const METHODS: &[&str] = &["GET", "PUT", "POST", "HEAD", "DELETE", "OPTIONS", "PATCH"];
    let method = &scene.computed.method;
    let lower = method.to_ascii_lowercase();
    let others = METHODS.iter().copied().chain([lower.as_str()]).filter(|other| other != method);
    others.map(|other| Parts { method: other.into(), ..scene.computed.clone() }).collect()
}

/// Prefixes that proxies and routers add and remove.
pub(super) fn prefixes(scene: &Scene<'_>) -> Vec<Parts> {
    const PREFIXES: &[&str] = &[
        "/api",
        "/v1",
        "/s3",
        "/prod",
        "/dev",
        "/stage",
        "/staging",
        "/test",
        "/storage",
        "/storage/v1/s3",
        "/minio",
        "/proxy",
        "/files",
        "/api/v1",
        "/default",
        "/$default",
        "/beta",
        "/live",
        "/uploads",
        "/objects",
    ];
    let path = &scene.computed.path;
    let mut all: Vec<String> =
        scene.hints.path_prefixes().iter().map(|prefix| alloc::format!("{prefix}{path}")).collect();
    for header in ["x-forwarded-prefix", "x-script-name"] {
        let prefix = scene.header(header).unwrap_or_default().trim_end_matches('/');
        all.push(alloc::format!("{prefix}{path}"));
        all.push(alloc::format!("{}{path}", spelling::encoded_again(prefix, true)));
    }
    for header in [
        "x-original-uri",
        "x-original-url",
        "x-rewrite-url",
        "x-envoy-original-path",
        "x-forwarded-uri",
        "x-forwarded-path",
    ] {
        all.extend(scene.header(header).and_then(|uri| uri.split('?').next()).map(ToString::to_string));
    }
    all.extend(PREFIXES.iter().map(|prefix| alloc::format!("{prefix}{path}")));
    let mut rest = path.as_str();
    for _ in 0..3 {
        let Some(slash) = rest.get(1..).and_then(|after| after.find('/')) else { break };
        rest = rest.get(slash + 1..).unwrap_or_default();
        all.push(rest.to_string());
    }
    all.into_iter().filter(|other| other != path).map(|other| scene.with_path(other)).collect()
}

/// The path with the host or the query, or without its first slash; the query with its question mark;
/// the host with the scheme, with a dot at its end, or empty.
pub(super) fn other_parts(scene: &Scene<'_>) -> Vec<Parts> {
    let (host, path, query) = (host(scene), &scene.computed.path, &scene.computed.query);
    let wire = scene.wire_query();
    let mut all = alloc::vec![scene.with_path(path.trim_start_matches('/')), scene.with_path("")];
    for scheme in ["https", "http"] {
        let url = alloc::format!("{scheme}://{host}{path}");
        all.push(scene.with_path(url.clone()));
        all.push(scene.with_path(alloc::format!("{url}?{query}")));
        all.push(Parts { query: String::new(), ..scene.with_path(alloc::format!("{url}?{query}")) });
        all.push(with_host(scene, &alloc::format!("{scheme}://{host}")));
        all.push(with_host(scene, &alloc::format!("{scheme}://{host}/")));
    }
    for query in [query.as_str(), wire].into_iter().filter(|query| !query.is_empty()) {
        all.push(scene.with_query(alloc::format!("?{query}")));
        let path = alloc::format!("{path}?{query}");
        all.push(scene.with_path(path.clone()));
        all.push(Parts { query: String::new(), ..scene.with_path(path) });
    }
    all.push(with_host(scene, &alloc::format!("{host}.")));
    all.push(with_host(scene, ""));
    all
}
