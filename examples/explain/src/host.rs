//! The service and the region that the host of AWS names.

/// Returns the service and the region; each is `None` if the host does not name it.
pub(crate) fn of_aws(host: &str) -> (Option<String>, Option<String>) {
    let host = host.split(':').next().unwrap_or_default().to_ascii_lowercase();
    // A function's URL: ID.lambda-url.REGION.on.aws.
    if let Some((_, rest)) = host.split_once(".lambda-url.") {
        let region = rest.strip_suffix(".on.aws").filter(|region| is_region(region));
        return (region.map(|_| "lambda".to_owned()), region.map(str::to_owned));
    }
    let Some(name) = host.strip_suffix(".amazonaws.com").or_else(|| host.strip_suffix(".amazonaws.com.cn"))
    else {
        return (None, None);
    };
    let labels: Vec<&str> = name.split('.').filter(|label| !matches!(*label, "dualstack" | "fips")).collect();
    let region = labels.iter().rev().find(|label| is_region(label)).map(|label| (*label).to_owned());
    let service = labels.iter().rev().find(|label| !is_region(label)).map(|label| match *label {
        // The older spelling of S3's hosts has the region in the label.
        label if label.strip_prefix("s3-").is_some_and(is_region) => "s3",
        "s3-accelerate" => "s3",
        "email" => "ses",
        "bedrock-runtime" => "bedrock",
        label => label,
    });
    let old = labels.iter().rev().find_map(|label| label.strip_prefix("s3-").filter(|rest| is_region(rest)));
    let region = region.or_else(|| old.map(str::to_owned)).or_else(|| Some("us-east-1".to_owned()));
    (service.map(|service| service.trim_end_matches("-fips").to_owned()), region)
}

/// Returns true for a name such as `eu-west-1`.
fn is_region(label: &str) -> bool {
    let mut parts = label.split('-');
    let is_area = |part: &str| part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_lowercase());
    let is_number = |part: &str| part.len() < 3 && part.parse::<u8>().is_ok();
    parts.next().is_some_and(is_area) && parts.next_back().is_some_and(is_number) && parts.next().is_some()
}
