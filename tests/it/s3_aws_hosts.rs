//! Addresses of buckets on AWS, as botocore 1.43.106 resolves them: `EndpointProvider` with
//! `data/s3/2006-03-01/endpoint-rule-set-1.json`, `UseArnRegion` on and `UseGlobalEndpoint` off.

use countersign::s3::Variant::{
    self, Accelerate, AccelerateDualStack, DualStack, Fips, FipsDualStack, Standard,
};
use countersign::s3::{
    AddressError,
    AddressingStyle::{self, Path, VirtualHosted},
    Endpoint,
};

/// Region, bucket, variant, style; then the host and path, the region and the service to sign for.
#[rustfmt::skip]
const ADDRESSES: [(&str, &str, Variant, AddressingStyle, &str, &str, &str); 101] = [
    ("us-east-1", "photos", Standard, VirtualHosted, "photos.s3.us-east-1.amazonaws.com", "us-east-1", "s3"),
    ("us-east-1", "photos", DualStack, VirtualHosted, "photos.s3.dualstack.us-east-1.amazonaws.com", "us-east-1", "s3"),
    ("us-east-1", "photos", Fips, VirtualHosted, "photos.s3-fips.us-east-1.amazonaws.com", "us-east-1", "s3"),
    ("us-east-1", "photos", FipsDualStack, VirtualHosted, "photos.s3-fips.dualstack.us-east-1.amazonaws.com", "us-east-1", "s3"),
    ("us-east-1", "photos", Standard, Path, "s3.us-east-1.amazonaws.com/photos", "us-east-1", "s3"),
    ("eu-central-1", "photos", Standard, VirtualHosted, "photos.s3.eu-central-1.amazonaws.com", "eu-central-1", "s3"),
    ("eu-central-1", "photos", DualStack, VirtualHosted, "photos.s3.dualstack.eu-central-1.amazonaws.com", "eu-central-1", "s3"),
    ("eu-central-1", "photos", Fips, VirtualHosted, "photos.s3-fips.eu-central-1.amazonaws.com", "eu-central-1", "s3"),
    ("eu-central-1", "photos", FipsDualStack, VirtualHosted, "photos.s3-fips.dualstack.eu-central-1.amazonaws.com", "eu-central-1", "s3"),
    ("eu-central-1", "photos", Standard, Path, "s3.eu-central-1.amazonaws.com/photos", "eu-central-1", "s3"),
    ("ap-southeast-4", "photos", Standard, VirtualHosted, "photos.s3.ap-southeast-4.amazonaws.com", "ap-southeast-4", "s3"),
    ("ap-southeast-4", "photos", DualStack, VirtualHosted, "photos.s3.dualstack.ap-southeast-4.amazonaws.com", "ap-southeast-4", "s3"),
    ("ap-southeast-4", "photos", Fips, VirtualHosted, "photos.s3-fips.ap-southeast-4.amazonaws.com", "ap-southeast-4", "s3"),
    ("ap-southeast-4", "photos", FipsDualStack, VirtualHosted, "photos.s3-fips.dualstack.ap-southeast-4.amazonaws.com", "ap-southeast-4", "s3"),
    ("ap-southeast-4", "photos", Standard, Path, "s3.ap-southeast-4.amazonaws.com/photos", "ap-southeast-4", "s3"),
    ("mx-central-1", "photos", Standard, VirtualHosted, "photos.s3.mx-central-1.amazonaws.com", "mx-central-1", "s3"),
    ("mx-central-1", "photos", DualStack, VirtualHosted, "photos.s3.dualstack.mx-central-1.amazonaws.com", "mx-central-1", "s3"),
    ("mx-central-1", "photos", Fips, VirtualHosted, "photos.s3-fips.mx-central-1.amazonaws.com", "mx-central-1", "s3"),
    ("mx-central-1", "photos", FipsDualStack, VirtualHosted, "photos.s3-fips.dualstack.mx-central-1.amazonaws.com", "mx-central-1", "s3"),
    ("mx-central-1", "photos", Standard, Path, "s3.mx-central-1.amazonaws.com/photos", "mx-central-1", "s3"),
    ("cn-north-1", "photos", Standard, VirtualHosted, "photos.s3.cn-north-1.amazonaws.com.cn", "cn-north-1", "s3"),
    ("cn-north-1", "photos", DualStack, VirtualHosted, "photos.s3.dualstack.cn-north-1.amazonaws.com.cn", "cn-north-1", "s3"),
    ("cn-north-1", "photos", Standard, Path, "s3.cn-north-1.amazonaws.com.cn/photos", "cn-north-1", "s3"),
    ("us-gov-west-1", "photos", Standard, VirtualHosted, "photos.s3.us-gov-west-1.amazonaws.com", "us-gov-west-1", "s3"),
    ("us-gov-west-1", "photos", DualStack, VirtualHosted, "photos.s3.dualstack.us-gov-west-1.amazonaws.com", "us-gov-west-1", "s3"),
    ("us-gov-west-1", "photos", Fips, VirtualHosted, "photos.s3-fips.us-gov-west-1.amazonaws.com", "us-gov-west-1", "s3"),
    ("us-gov-west-1", "photos", FipsDualStack, VirtualHosted, "photos.s3-fips.dualstack.us-gov-west-1.amazonaws.com", "us-gov-west-1", "s3"),
    ("us-gov-west-1", "photos", Standard, Path, "s3.us-gov-west-1.amazonaws.com/photos", "us-gov-west-1", "s3"),
    ("eusc-de-east-1", "photos", Standard, VirtualHosted, "photos.s3.eusc-de-east-1.amazonaws.eu", "eusc-de-east-1", "s3"),
    ("eusc-de-east-1", "photos", DualStack, VirtualHosted, "photos.s3.dualstack.eusc-de-east-1.amazonaws.eu", "eusc-de-east-1", "s3"),
    ("eusc-de-east-1", "photos", Fips, VirtualHosted, "photos.s3-fips.eusc-de-east-1.amazonaws.eu", "eusc-de-east-1", "s3"),
    ("eusc-de-east-1", "photos", FipsDualStack, VirtualHosted, "photos.s3-fips.dualstack.eusc-de-east-1.amazonaws.eu", "eusc-de-east-1", "s3"),
    ("eusc-de-east-1", "photos", Standard, Path, "s3.eusc-de-east-1.amazonaws.eu/photos", "eusc-de-east-1", "s3"),
    ("us-iso-east-1", "photos", Standard, VirtualHosted, "photos.s3.us-iso-east-1.c2s.ic.gov", "us-iso-east-1", "s3"),
    ("us-iso-east-1", "photos", DualStack, VirtualHosted, "photos.s3.dualstack.us-iso-east-1.c2s.ic.gov", "us-iso-east-1", "s3"),
    ("us-iso-east-1", "photos", Fips, VirtualHosted, "photos.s3-fips.us-iso-east-1.c2s.ic.gov", "us-iso-east-1", "s3"),
    ("us-iso-east-1", "photos", FipsDualStack, VirtualHosted, "photos.s3-fips.dualstack.us-iso-east-1.c2s.ic.gov", "us-iso-east-1", "s3"),
    ("us-iso-east-1", "photos", Standard, Path, "s3.us-iso-east-1.c2s.ic.gov/photos", "us-iso-east-1", "s3"),
    ("us-isob-east-1", "photos", Standard, VirtualHosted, "photos.s3.us-isob-east-1.sc2s.sgov.gov", "us-isob-east-1", "s3"),
    ("us-isob-east-1", "photos", DualStack, VirtualHosted, "photos.s3.dualstack.us-isob-east-1.sc2s.sgov.gov", "us-isob-east-1", "s3"),
    ("us-isob-east-1", "photos", Fips, VirtualHosted, "photos.s3-fips.us-isob-east-1.sc2s.sgov.gov", "us-isob-east-1", "s3"),
    ("us-isob-east-1", "photos", FipsDualStack, VirtualHosted, "photos.s3-fips.dualstack.us-isob-east-1.sc2s.sgov.gov", "us-isob-east-1", "s3"),
    ("us-isob-east-1", "photos", Standard, Path, "s3.us-isob-east-1.sc2s.sgov.gov/photos", "us-isob-east-1", "s3"),
    ("eu-isoe-west-1", "photos", Standard, VirtualHosted, "photos.s3.eu-isoe-west-1.cloud.adc-e.uk", "eu-isoe-west-1", "s3"),
    ("eu-isoe-west-1", "photos", DualStack, VirtualHosted, "photos.s3.dualstack.eu-isoe-west-1.cloud.adc-e.uk", "eu-isoe-west-1", "s3"),
    ("eu-isoe-west-1", "photos", Fips, VirtualHosted, "photos.s3-fips.eu-isoe-west-1.cloud.adc-e.uk", "eu-isoe-west-1", "s3"),
    ("eu-isoe-west-1", "photos", FipsDualStack, VirtualHosted, "photos.s3-fips.dualstack.eu-isoe-west-1.cloud.adc-e.uk", "eu-isoe-west-1", "s3"),
    ("eu-isoe-west-1", "photos", Standard, Path, "s3.eu-isoe-west-1.cloud.adc-e.uk/photos", "eu-isoe-west-1", "s3"),
    ("us-isof-south-1", "photos", Standard, VirtualHosted, "photos.s3.us-isof-south-1.csp.hci.ic.gov", "us-isof-south-1", "s3"),
    ("us-isof-south-1", "photos", DualStack, VirtualHosted, "photos.s3.dualstack.us-isof-south-1.csp.hci.ic.gov", "us-isof-south-1", "s3"),
    ("us-isof-south-1", "photos", Fips, VirtualHosted, "photos.s3-fips.us-isof-south-1.csp.hci.ic.gov", "us-isof-south-1", "s3"),
    ("us-isof-south-1", "photos", FipsDualStack, VirtualHosted, "photos.s3-fips.dualstack.us-isof-south-1.csp.hci.ic.gov", "us-isof-south-1", "s3"),
    ("us-isof-south-1", "photos", Standard, Path, "s3.us-isof-south-1.csp.hci.ic.gov/photos", "us-isof-south-1", "s3"),
    ("aws-global", "photos", Standard, VirtualHosted, "photos.s3.amazonaws.com", "us-east-1", "s3"),
    ("aws-global", "photos", DualStack, VirtualHosted, "photos.s3.dualstack.us-east-1.amazonaws.com", "us-east-1", "s3"),
    ("aws-global", "photos", Fips, VirtualHosted, "photos.s3-fips.us-east-1.amazonaws.com", "us-east-1", "s3"),
    ("aws-global", "photos", FipsDualStack, VirtualHosted, "photos.s3-fips.dualstack.us-east-1.amazonaws.com", "us-east-1", "s3"),
    ("aws-global", "photos", Standard, Path, "s3.amazonaws.com/photos", "us-east-1", "s3"),
    ("xx-new-1", "photos", Standard, VirtualHosted, "photos.s3.xx-new-1.amazonaws.com", "xx-new-1", "s3"),
    ("xx-new-1", "photos", DualStack, VirtualHosted, "photos.s3.dualstack.xx-new-1.amazonaws.com", "xx-new-1", "s3"),
    ("xx-new-1", "photos", Fips, VirtualHosted, "photos.s3-fips.xx-new-1.amazonaws.com", "xx-new-1", "s3"),
    ("xx-new-1", "photos", FipsDualStack, VirtualHosted, "photos.s3-fips.dualstack.xx-new-1.amazonaws.com", "xx-new-1", "s3"),
    ("xx-new-1", "photos", Standard, Path, "s3.xx-new-1.amazonaws.com/photos", "xx-new-1", "s3"),
    ("us-east-1", "photos", Accelerate, VirtualHosted, "photos.s3-accelerate.amazonaws.com", "us-east-1", "s3"),
    ("us-east-1", "photos", AccelerateDualStack, VirtualHosted, "photos.s3-accelerate.dualstack.amazonaws.com", "us-east-1", "s3"),
    ("eu-central-1", "photos", Accelerate, VirtualHosted, "photos.s3-accelerate.amazonaws.com", "eu-central-1", "s3"),
    ("eu-central-1", "photos", AccelerateDualStack, VirtualHosted, "photos.s3-accelerate.dualstack.amazonaws.com", "eu-central-1", "s3"),
    ("ap-southeast-4", "photos", Accelerate, VirtualHosted, "photos.s3-accelerate.amazonaws.com", "ap-southeast-4", "s3"),
    ("ap-southeast-4", "photos", AccelerateDualStack, VirtualHosted, "photos.s3-accelerate.dualstack.amazonaws.com", "ap-southeast-4", "s3"),
    ("us-east-1", "photos", FipsDualStack, Path, "s3-fips.dualstack.us-east-1.amazonaws.com/photos", "us-east-1", "s3"),
    ("us-east-1", "my.photos", Standard, VirtualHosted, "s3.us-east-1.amazonaws.com/my.photos", "us-east-1", "s3"),
    ("us-east-1", "my.photos", DualStack, VirtualHosted, "s3.dualstack.us-east-1.amazonaws.com/my.photos", "us-east-1", "s3"),
    ("us-east-1", "my.photos", Fips, VirtualHosted, "s3-fips.us-east-1.amazonaws.com/my.photos", "us-east-1", "s3"),
    ("cn-north-1", "my.photos", Standard, VirtualHosted, "s3.cn-north-1.amazonaws.com.cn/my.photos", "cn-north-1", "s3"),
    ("eusc-de-east-1", "my.photos", DualStack, VirtualHosted, "s3.dualstack.eusc-de-east-1.amazonaws.eu/my.photos", "eusc-de-east-1", "s3"),
    ("us-east-1", "Old_Photos", Standard, Path, "s3.us-east-1.amazonaws.com/Old_Photos", "us-east-1", "s3"),
    ("us-east-1", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", Standard, VirtualHosted, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.s3.us-east-1.amazonaws.com", "us-east-1", "s3"),
    ("us-east-1", "photos--use1-az4--x-s3", Standard, VirtualHosted, "photos--use1-az4--x-s3.s3express-use1-az4.us-east-1.amazonaws.com", "us-east-1", "s3express"),
    ("us-east-1", "photos--use1-az4--x-s3", DualStack, VirtualHosted, "photos--use1-az4--x-s3.s3express-use1-az4.dualstack.us-east-1.amazonaws.com", "us-east-1", "s3express"),
    ("us-east-1", "photos--use1-az4--x-s3", Fips, VirtualHosted, "photos--use1-az4--x-s3.s3express-fips-use1-az4.us-east-1.amazonaws.com", "us-east-1", "s3express"),
    ("us-east-1", "photos--use1-az4--x-s3", FipsDualStack, VirtualHosted, "photos--use1-az4--x-s3.s3express-fips-use1-az4.dualstack.us-east-1.amazonaws.com", "us-east-1", "s3express"),
    ("us-east-1", "photos--usw2-az12--x-s3", Standard, VirtualHosted, "photos--usw2-az12--x-s3.s3express-usw2-az12.us-east-1.amazonaws.com", "us-east-1", "s3express"),
    ("us-east-1", "photos--use1-iah1-az1--x-s3", Standard, VirtualHosted, "photos--use1-iah1-az1--x-s3.s3express-use1-iah1-az1.us-east-1.amazonaws.com", "us-east-1", "s3express"),
    ("us-east-1", "reports--use1-az4--xa-s3", Standard, VirtualHosted, "reports--use1-az4--xa-s3.s3express-use1-az4.us-east-1.amazonaws.com", "us-east-1", "s3express"),
    ("cn-north-1", "photos--use1-az4--x-s3", Standard, VirtualHosted, "photos--use1-az4--x-s3.s3express-use1-az4.cn-north-1.amazonaws.com.cn", "cn-north-1", "s3express"),
    ("us-east-1", "photos--use1-az4--x-s3", Standard, Path, "photos--use1-az4--x-s3.s3express-use1-az4.us-east-1.amazonaws.com", "us-east-1", "s3express"),
    ("us-east-1", "arn:aws:s3:us-west-2:123456789012:accesspoint/reports", Standard, VirtualHosted, "reports-123456789012.s3-accesspoint.us-west-2.amazonaws.com", "us-west-2", "s3"),
    ("us-east-1", "arn:aws:s3:us-west-2:123456789012:accesspoint/reports", DualStack, VirtualHosted, "reports-123456789012.s3-accesspoint.dualstack.us-west-2.amazonaws.com", "us-west-2", "s3"),
    ("us-east-1", "arn:aws:s3:us-west-2:123456789012:accesspoint/reports", Fips, VirtualHosted, "reports-123456789012.s3-accesspoint-fips.us-west-2.amazonaws.com", "us-west-2", "s3"),
    ("us-east-1", "arn:aws:s3:us-west-2:123456789012:accesspoint/reports", FipsDualStack, VirtualHosted, "reports-123456789012.s3-accesspoint-fips.dualstack.us-west-2.amazonaws.com", "us-west-2", "s3"),
    ("us-east-1", "arn:aws:s3-object-lambda:us-west-2:123456789012:accesspoint/reports", Standard, VirtualHosted, "reports-123456789012.s3-object-lambda.us-west-2.amazonaws.com", "us-west-2", "s3-object-lambda"),
    ("us-east-1", "arn:aws:s3-object-lambda:us-west-2:123456789012:accesspoint/reports", Fips, VirtualHosted, "reports-123456789012.s3-object-lambda-fips.us-west-2.amazonaws.com", "us-west-2", "s3-object-lambda"),
    ("us-east-1", "arn:aws:s3-outposts:us-west-2:123456789012:outpost/op-01234567890123456/accesspoint/reports", Standard, VirtualHosted, "reports-123456789012.op-01234567890123456.s3-outposts.us-west-2.amazonaws.com", "us-west-2", "s3-outposts"),
    ("us-east-1", "arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap", Standard, VirtualHosted, "mfzwi23gnjvgw.mrap.accesspoint.s3-global.amazonaws.com", "*", "s3"),
    ("us-east-1", "arn:aws:s3:us-west-2:123456789012:accesspoint:reports", Standard, VirtualHosted, "reports-123456789012.s3-accesspoint.us-west-2.amazonaws.com", "us-west-2", "s3"),
    ("us-east-1", "arn:aws:s3-outposts:us-west-2:123456789012:outpost:op-01234567890123456:accesspoint:reports", Standard, VirtualHosted, "reports-123456789012.op-01234567890123456.s3-outposts.us-west-2.amazonaws.com", "us-west-2", "s3-outposts"),
    ("cn-north-1", "arn:aws-cn:s3:cn-north-1:123456789012:accesspoint/reports", DualStack, VirtualHosted, "reports-123456789012.s3-accesspoint.dualstack.cn-north-1.amazonaws.com.cn", "cn-north-1", "s3"),
    ("us-gov-east-1", "arn:aws-us-gov:s3:us-gov-west-1:123456789012:accesspoint/reports", Fips, VirtualHosted, "reports-123456789012.s3-accesspoint-fips.us-gov-west-1.amazonaws.com", "us-gov-west-1", "s3"),
    ("us-gov-east-1", "arn:aws-us-gov:s3-object-lambda:us-gov-west-1:123456789012:accesspoint/reports", Fips, VirtualHosted, "reports-123456789012.s3-object-lambda-fips.us-gov-west-1.amazonaws.com", "us-gov-west-1", "s3-object-lambda"),
    ("us-iso-east-1", "arn:aws-iso:s3:us-iso-west-1:123456789012:accesspoint/reports", Standard, VirtualHosted, "reports-123456789012.s3-accesspoint.us-iso-west-1.c2s.ic.gov", "us-iso-west-1", "s3"),
    ("eusc-de-east-1", "arn:aws-eusc:s3:eusc-de-east-1:123456789012:accesspoint/reports", Standard, VirtualHosted, "reports-123456789012.s3-accesspoint.eusc-de-east-1.amazonaws.eu", "eusc-de-east-1", "s3"),
];

/// Region, bucket, variant and style of what botocore refuses, and the error here.
#[rustfmt::skip]
const REFUSED: [(&str, &str, Variant, AddressingStyle, AddressError); 32] = [
    ("cn-north-1", "photos", Fips, VirtualHosted, AddressError::UnsupportedVariant),
    ("cn-north-1", "photos", FipsDualStack, VirtualHosted, AddressError::UnsupportedVariant),
    ("cn-north-1", "photos", Accelerate, VirtualHosted, AddressError::UnsupportedVariant),
    ("cn-north-1", "photos", AccelerateDualStack, VirtualHosted, AddressError::UnsupportedVariant),
    ("us-east-1", "photos", Accelerate, Path, AddressError::NoPathStyle),
    ("us-east-1", "my.photos", Accelerate, VirtualHosted, AddressError::NoPathStyle),
    ("us-east-1", "photos--use1-az4--x-s3", Accelerate, VirtualHosted, AddressError::UnsupportedVariant),
    ("us-east-1", "photos--use1-az4--x-s3", AccelerateDualStack, VirtualHosted, AddressError::UnsupportedVariant),
    ("cn-north-1", "photos--use1-az4--x-s3", Fips, VirtualHosted, AddressError::UnsupportedVariant),
    ("us-east-1", "pho.tos--use1-az4--x-s3", Standard, VirtualHosted, AddressError::InvalidBucket),
    ("us-east-1", "--x-s3", Standard, VirtualHosted, AddressError::InvalidBucket),
    ("us-east-1", "photos--x-s3", Standard, VirtualHosted, AddressError::InvalidBucket),
    ("us-east-1", "arn:aws:s3:us-west-2:123456789012:accesspoint/reports", Accelerate, VirtualHosted, AddressError::UnsupportedVariant),
    ("us-east-1", "arn:aws:s3-object-lambda:us-west-2:123456789012:accesspoint/reports", DualStack, VirtualHosted, AddressError::UnsupportedVariant),
    ("us-east-1", "arn:aws:s3-object-lambda:us-west-2:123456789012:accesspoint/reports", FipsDualStack, VirtualHosted, AddressError::UnsupportedVariant),
    ("us-east-1", "arn:aws:s3-object-lambda:us-west-2:123456789012:accesspoint/reports", Accelerate, VirtualHosted, AddressError::UnsupportedVariant),
    ("us-east-1", "arn:aws:s3-outposts:us-west-2:123456789012:outpost/op-01234567890123456/accesspoint/reports", DualStack, VirtualHosted, AddressError::UnsupportedVariant),
    ("us-east-1", "arn:aws:s3-outposts:us-west-2:123456789012:outpost/op-01234567890123456/accesspoint/reports", Fips, VirtualHosted, AddressError::UnsupportedVariant),
    ("us-east-1", "arn:aws:s3-outposts:us-west-2:123456789012:outpost/op-01234567890123456/accesspoint/reports", FipsDualStack, VirtualHosted, AddressError::UnsupportedVariant),
    ("us-east-1", "arn:aws:s3-outposts:us-west-2:123456789012:outpost/op-01234567890123456/accesspoint/reports", Accelerate, VirtualHosted, AddressError::UnsupportedVariant),
    ("us-east-1", "arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap", DualStack, VirtualHosted, AddressError::UnsupportedVariant),
    ("us-east-1", "arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap", Fips, VirtualHosted, AddressError::UnsupportedVariant),
    ("us-east-1", "arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap", FipsDualStack, VirtualHosted, AddressError::UnsupportedVariant),
    ("us-east-1", "arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap", Accelerate, VirtualHosted, AddressError::UnsupportedVariant),
    ("cn-north-1", "arn:aws:s3:us-west-2:123456789012:accesspoint/reports", Standard, VirtualHosted, AddressError::PartitionMismatch),
    ("us-east-1", "arn:aws:s3:us-west-2::accesspoint/reports", Standard, VirtualHosted, AddressError::InvalidArn),
    ("us-east-1", "arn:aws:s3:us-west-2:123456789012:bucket/reports", Standard, VirtualHosted, AddressError::InvalidArn),
    ("us-east-1", "arn:aws:s3:us-west-2:123456789012:accesspoint/a/b", Standard, VirtualHosted, AddressError::InvalidArn),
    ("us-east-1", "arn:aws:s3:us-west-2:123456789012:accesspoint/a.b", Standard, VirtualHosted, AddressError::InvalidArn),
    ("us-east-1", "arn:aws:sqs:us-west-2:123456789012:accesspoint/reports", Standard, VirtualHosted, AddressError::InvalidArn),
    ("us-east-1", "arn:aws:s3-outposts:us-west-2:123456789012:outpost/op-1/bucket/reports", Standard, VirtualHosted, AddressError::InvalidArn),
    ("us-east-1", "arn:aws:s3:us-west-2:123456789012:accesspoint", Standard, VirtualHosted, AddressError::InvalidArn),
];

fn endpoint(region: &str, variant: Variant, style: AddressingStyle) -> Result<Endpoint, AddressError> {
    Endpoint::aws(region)?.with_style(style).with_variant(variant)
}

#[test]
fn buckets_on_aws_have_the_addresses_of_botocore() {
    for (region, bucket, variant, style, url, signing_region, service) in ADDRESSES {
        let row = format!("{region} {bucket} {variant:?} {style:?}");
        let address = endpoint(region, variant, style).unwrap().bucket(bucket).unwrap();
        assert_eq!(address.url().trim_end_matches('/'), format!("https://{url}"), "{row}");
        assert_eq!((address.region(), address.service().name()), (Some(signing_region), service), "{row}");
        let object = endpoint(region, variant, style).unwrap().object(bucket, "a b").unwrap();
        assert_eq!(object.url(), format!("https://{url}/a%20b"), "{row}");
    }
}

#[test]
fn what_botocore_refuses_has_no_address() {
    for (region, bucket, variant, style, error) in REFUSED {
        let address = endpoint(region, variant, style).and_then(|endpoint| endpoint.bucket(bucket));
        assert_eq!(address, Err(error), "{region} {bucket} {variant:?} {style:?}");
    }
}

/// botocore would write these addresses. AWS offers Transfer Acceleration in the commercial regions
/// only (S3 User Guide, "Configuring fast, secure file transfers using Amazon S3 Transfer
/// Acceleration").
#[test]
fn accelerate_is_refused_outside_the_commercial_regions() {
    for region in ["us-gov-west-1", "eusc-de-east-1", "us-iso-east-1", "us-isob-east-1", "eu-isoe-west-1"] {
        let refused = endpoint(region, Accelerate, VirtualHosted);
        assert_eq!(refused, Err(AddressError::UnsupportedVariant), "{region}");
    }
}

/// botocore takes the alias apart by the positions of its characters.
#[test]
fn an_alias_of_an_access_point_on_outposts_is_refused() {
    let alias = "reports-o0b1d075431d83bebde8xz5w8ijx1qzlbp3i3kuse10--op-s3";
    assert_eq!(Endpoint::aws("us-east-1").unwrap().bucket(alias), Err(AddressError::OutpostsAlias));
}
