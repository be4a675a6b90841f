// Runs @aws-sdk/client-s3 and minio of npm against the gateway. Called by .ci/clients.
import { createReadStream, readFileSync } from "node:fs";
import { createHash } from "node:crypto";
import assert from "node:assert";
import * as aws from "@aws-sdk/client-s3";
import { Client, CopyConditions } from "minio";

const [url, key, secret, large] = process.argv.slice(2);
const Bucket = "examplebucket";
const version = (name) => JSON.parse(readFileSync(new URL(`node_modules/${name}/package.json`, import.meta.url))).version;
const digest = async (stream) => {
  const hash = createHash("sha256");
  for await (const piece of stream) hash.update(piece);
  return hash.digest("hex");
};
const wanted = await digest(createReadStream(large));

const credentials = { accessKeyId: key, secretAccessKey: secret };
const s3 = new aws.S3Client({ endpoint: url, region: "us-east-1", credentials, forcePathStyle: true, maxAttempts: 1 });
const send = (name, input) => s3.send(new aws[`${name}Command`]({ Bucket, ...input }));
await send("PutObject", { Key: "js/a b+ü", Body: "hello", Metadata: { a: "b" } });
assert.equal(await (await send("GetObject", { Key: "js/a b+ü" })).Body.transformToString(), "hello");
assert.equal(await (await send("GetObject", { Key: "js/a b+ü", Range: "bytes=1-3" })).Body.transformToString(), "ell");
await send("PutObject", { Key: "js/large", Body: createReadStream(large), ContentLength: 100 << 20 });
assert.equal(await digest((await send("GetObject", { Key: "js/large" })).Body), wanted);
await send("CopyObject", { Key: "js/copy", CopySource: encodeURI(`${Bucket}/js/a b`) + "%2B%C3%BC" });
const { Contents } = await send("ListObjectsV2", { Prefix: "js/" });
assert.equal(Contents.length, 3);
await send("DeleteObject", { Key: "js/copy" });
await send("DeleteObjects", { Delete: { Objects: [{ Key: "js/a b+ü" }, { Key: "js/large" }] } });
assert.equal((await send("ListObjectsV2", { Prefix: "js/" })).KeyCount, 0);

const { hostname, port } = new URL(url);
const mc = new Client({ endPoint: hostname, port: Number(port), useSSL: false, accessKey: key, secretKey: secret, region: "us-east-1" });
await mc.putObject(Bucket, "minio-js/a b+ü", "hello");
assert.equal((await (await mc.getPartialObject(Bucket, "minio-js/a b+ü", 1, 3)).toArray()).join(""), "ell");
await mc.fPutObject(Bucket, "minio-js/large", large, {});
assert.equal(await digest(await mc.getObject(Bucket, "minio-js/large")), wanted);
await mc.copyObject(Bucket, "minio-js/copy", `/${Bucket}/minio-js/a b+ü`, new CopyConditions());
const keys = [];
for await (const item of mc.listObjects(Bucket, "minio-js/", true)) keys.push(item.name);
assert.equal(keys.length, 3);
await mc.removeObject(Bucket, keys.pop());
await mc.removeObjects(Bucket, keys);
for await (const item of mc.listObjects(Bucket, "minio-js/", true)) assert.fail(item.name);
console.log(`${version("@aws-sdk/client-s3")}, minio ${version("minio")}`);
