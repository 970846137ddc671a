#pragma once
// SHA256_CTX is a plain structure that can be copied without allocation; the calls that replace it in OpenSSL 3 cannot.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/sha.h>
