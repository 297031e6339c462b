/// An S3 server in this process: [io.ringwell.s3local.LocalS3].
package io.ringwell.s3local;
