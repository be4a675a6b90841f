//! The addresses of services, for `--egress`.

use crate::key_file::Keys;
use crate::refusal::Refusal;

/// Returns where the service is.
pub fn url(keys: &Keys, service: &str, region: &str) -> Result<String, Refusal> {
    let found = keys.upstreams.iter().find(|upstream| upstream.is_for(service, region));
    match found {
        Some(upstream) => Ok(upstream.url.trim_end_matches('/').to_owned()),
        None => default_url(service, region).ok_or_else(|| {
            Refusal::invalid_argument("The region is not one of AWS").because(format!(
                "there is no [[upstream]] for {service} in {region:?}, which is no region of AWS"
            ))
        }),
    }
}

/// Returns the address of a service that has no `[[upstream]]`.
///
/// Only regions of AWS are accepted, such as `us-gov-west-1`. Other names lead to machines of AWS's customers:
/// `BUCKET.s3.amazonaws.com`, `ec2-192-0-2-1.compute-1.amazonaws.com`.
fn default_url(service: &str, region: &str) -> Option<String> {
    let parts: Vec<_> = region.split('-').collect();
    let [area, middle @ .., number] = &parts[..] else { return None };
    let is_word = |part: &&str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase());
    let is_area = (2..=4).contains(&area.len()) && is_word(area);
    let is_number = number.len() == 1 && number.bytes().all(|byte| byte.is_ascii_digit());
    let is_region = is_area && !middle.is_empty() && middle.iter().all(is_word) && is_number;
    is_region.then(|| format!("https://{service}.{region}.amazonaws.com"))
}

#[cfg(test)]
mod tests {
    use super::default_url;

    #[test]
    fn a_region_leads_to_a_service_of_aws_only() {
        for region in ["us-east-1", "ap-southeast-7", "us-gov-west-1", "us-isob-east-1", "eusc-de-east-1"] {
            let expected = format!("https://sqs.{region}.amazonaws.com");
            assert_eq!(default_url("sqs", region), Some(expected));
        }
        for region in [
            "s3",
            "compute-1",
            "elb",
            "s3-us-west-2",
            "s3-website-us-east-1",
            "s3-accelerate",
            "us-east-1-s3",
            "execute-api",
            "169-254-169-254",
            "localhost",
            "us--1",
            "us-east-12345",
            "us-east-1.elb",
            "-east-1",
            "",
        ] {
            assert_eq!(default_url("sqs", region), None, "{region}");
        }
    }
}
