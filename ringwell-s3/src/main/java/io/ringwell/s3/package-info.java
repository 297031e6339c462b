/// S3: [S3Store] is a store somebody opened, [S3Location] an object in it.
package io.ringwell.s3;
