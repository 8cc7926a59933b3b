/*
 * probe-farm FOLDER COUNT PORT [PLAIN]: makes a farm of COUNT hosts for nginx in FOLDER: h0000.test and so on, each
 * with a P-256 key and a certificate of its own under a root and an intermediate. Writes root.pem, hosts/NAME.pem (key,
 * leaf, intermediate), nginx.conf and list (the names). With PLAIN each is a whole healthy site: that port, in clear,
 * sends all to https. In one process, for a thousand runs of openssl(1) would take minutes.
 */
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>

#define DAY 86400L
#define FIELD "max-age=63072000; includeSubDomains; preload"

typedef struct identity {
    EVP_PKEY *key;
    X509 *certificate;
} identity;

static void check(bool good, const char *what)
{
    if (good)
        return;
    fprintf(stderr, "probe-farm: %s\n", what);
    exit(1);
}

static void extend(X509 *x509, X509 *issuer, int nid, const char *value)
{
    X509V3_CTX context;
    X509_EXTENSION *extension;

    X509V3_set_ctx(&context, issuer, x509, NULL, NULL, 0);
    extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
    check(extension != NULL && X509_add_ext(x509, extension, -1) == 1, "an extension cannot be made");
    X509_EXTENSION_free(extension);
}

static identity draft(const char *name, const identity *issuer, long serial, long days)
{
    identity new = {EVP_EC_gen("P-256"), X509_new()};
    X509 *x = new.certificate;

    check(new.key != NULL &&x != NULL, "no key");
    X509_set_version(x, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(x), serial);
    X509_gmtime_adj(X509_getm_notBefore(x), -DAY);
    X509_gmtime_adj(X509_getm_notAfter(x), days * DAY);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(x), "CN", MBSTRING_UTF8, (const unsigned char *)name, -1, -1, 0);
    X509_set_issuer_name(x, X509_get_subject_name(issuer != NULL ? issuer->certificate : x));
    X509_set_pubkey(x, new.key);
    return new;
}

static void sign(const identity *new, const identity *issuer)
{
    extend(new->certificate, issuer->certificate, NID_authority_key_identifier, "keyid");
    check(X509_sign(new->certificate, issuer->key, EVP_sha256()) > 0, "a certificate cannot be signed");
}

static identity make_authority(const char *name, const identity *issuer, long serial)
{
    identity new = draft(name, issuer, serial, 1825);

    extend(new.certificate, new.certificate, NID_basic_constraints,
           issuer != NULL ? "critical,CA:TRUE,pathlen:0" : "critical,CA:TRUE");
    extend(new.certificate, new.certificate, NID_key_usage, "critical,keyCertSign,cRLSign");
    extend(new.certificate, new.certificate, NID_subject_key_identifier, "hash");
    sign(&new, issuer != NULL ? issuer : &new);
    return new;
}

static FILE *create(const char *folder, const char *name)
{
    char path[4096];
    FILE *file;

    snprintf(path, sizeof path, "%s/%s", folder, name);
    file = fopen(path, "w");
    check(file != NULL, path);
    return file;
}

static void make_host(const char *folder, const char *name, const identity *intermediate, long serial)
{
    char names[128], file_name[64];
    identity leaf = draft(name, intermediate, serial, 90);
    FILE *file;

    snprintf(names, sizeof names, "DNS:%s,DNS:www.%s", name, name);
    extend(leaf.certificate, intermediate->certificate, NID_basic_constraints, "critical,CA:FALSE");
    extend(leaf.certificate, intermediate->certificate, NID_key_usage, "critical,digitalSignature");
    extend(leaf.certificate, intermediate->certificate, NID_ext_key_usage, "serverAuth");
    extend(leaf.certificate, intermediate->certificate, NID_subject_alt_name, names);
    sign(&leaf, intermediate);
    snprintf(file_name, sizeof file_name, "hosts/%s.pem", name);
    file = create(folder, file_name);
    check(PEM_write_PrivateKey(file, leaf.key, NULL, NULL, 0, NULL, NULL) == 1 &&
              PEM_write_X509(file, leaf.certificate) == 1 && PEM_write_X509(file, intermediate->certificate) == 1 &&
              fclose(file) == 0,
          "a certificate cannot be written");
    X509_free(leaf.certificate);
    EVP_PKEY_free(leaf.key);
}

static void begin_nginx(FILE *conf, const char *folder)
{
    static const char *const temporary[] = {"client_body", "proxy", "fastcgi", "uwsgi", "scgi"};

    fprintf(conf,
            "worker_processes 2; daemon off; pid %s/nginx.pid; error_log %s/nginx.log;\n"
            "events { worker_connections 8192; }\nworker_rlimit_nofile 16384;\n"
            "http { access_log off; server_tokens off; default_type text/html;\n"
            "server_names_hash_max_size 65536; server_names_hash_bucket_size 128;\n"
            "ssl_protocols TLSv1.2 TLSv1.3; ssl_session_tickets off; ssl_session_cache off;\n"
            "ssl_ecdh_curve X25519:prime256v1;\n",
            folder, folder);
    for (size_t i = 0; i < sizeof temporary / sizeof *temporary; i++)
        fprintf(conf, "%s_temp_path %s/%s;\n", temporary[i], folder, temporary[i]);
}

int main(int argc, char **argv)
{
    const char *folder = argc > 3 ? argv[1] : "";
    long count = argc > 3 ? strtol(argv[2], NULL, 10) : 0, port = argc > 3 ? strtol(argv[3], NULL, 10) : 0;
    identity root, intermediate;
    FILE *conf, *list, *file;
    char path[4096];

    check(count > 0 && count <= 10000 && port > 0, "usage: probe-farm FOLDER COUNT PORT [PLAIN]");
    snprintf(path, sizeof path, "%s/hosts", folder);
    mkdir(path, 0700);
    root = make_authority("Farm root", NULL, 1);
    intermediate = make_authority("Farm intermediate", &root, 2);
    file = create(folder, "root.pem");
    check(PEM_write_X509(file, root.certificate) == 1 && fclose(file) == 0, "root.pem cannot be written");
    conf = create(folder, "nginx.conf");
    list = create(folder, "list");
    begin_nginx(conf, folder);
    for (long i = 0; i < count; i++) {
        char name[32];

        snprintf(name, sizeof name, "h%04ld.test", i);
        make_host(folder, name, &intermediate, i + 3);
        fprintf(list, "%s\n", name);
        fprintf(conf, "server { listen 127.0.0.1:%ld ssl%s; server_name %s www.%s; ssl_certificate %s/hosts/%s.pem;\n",
                port, i == 0 ? " backlog=4096" : "", name, name, folder, name);
        fprintf(conf, " ssl_certificate_key %s/hosts/%s.pem; add_header Strict-Transport-Security '%s' always;\n",
                folder, name, FIELD);
        fprintf(conf, " return 200 \"<html><body>%s</body></html>\\n\"; }\n", name);
    }
    if (argc > 4)
        fprintf(conf, "server { listen 127.0.0.1:%ld backlog=4096; return 301 https://$host$request_uri; }\n",
                strtol(argv[4], NULL, 10));
    fprintf(conf, "}\n");
    check(fclose(conf) == 0 && fclose(list) == 0, "nginx.conf cannot be written");
    X509_free(root.certificate);
    X509_free(intermediate.certificate);
    EVP_PKEY_free(root.key);
    EVP_PKEY_free(intermediate.key);
    return 0;
}
