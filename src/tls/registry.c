#include "tls/registry.h"

#include <string.h>

/* Those of today first, then by number. */
#define SUITE_MAP(X)                                                                                                   \
    X(0x1302, "TLS_AES_256_GCM_SHA384")                                                                                \
    X(0x1303, "TLS_CHACHA20_POLY1305_SHA256")                                                                          \
    X(0x1301, "TLS_AES_128_GCM_SHA256")                                                                                \
    X(0x1304, "TLS_AES_128_CCM_SHA256")                                                                                \
    X(0x1305, "TLS_AES_128_CCM_8_SHA256")                                                                              \
    X(0xc02c, "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384")                                                               \
    X(0xc030, "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384")                                                                 \
    X(0xcca9, "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256")                                                         \
    X(0xcca8, "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256")                                                           \
    X(0xc02b, "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256")                                                               \
    X(0xc02f, "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256")                                                                 \
    X(0x0001, "TLS_RSA_WITH_NULL_MD5")                                                                                 \
    X(0x0002, "TLS_RSA_WITH_NULL_SHA")                                                                                 \
    X(0x0003, "TLS_RSA_EXPORT_WITH_RC4_40_MD5")                                                                        \
    X(0x0004, "TLS_RSA_WITH_RC4_128_MD5")                                                                              \
    X(0x0005, "TLS_RSA_WITH_RC4_128_SHA")                                                                              \
    X(0x0006, "TLS_RSA_EXPORT_WITH_RC2_CBC_40_MD5")                                                                    \
    X(0x0007, "TLS_RSA_WITH_IDEA_CBC_SHA")                                                                             \
    X(0x0008, "TLS_RSA_EXPORT_WITH_DES40_CBC_SHA")                                                                     \
    X(0x0009, "TLS_RSA_WITH_DES_CBC_SHA")                                                                              \
    X(0x000a, "TLS_RSA_WITH_3DES_EDE_CBC_SHA")                                                                         \
    X(0x000b, "TLS_DH_DSS_EXPORT_WITH_DES40_CBC_SHA")                                                                  \
    X(0x000c, "TLS_DH_DSS_WITH_DES_CBC_SHA")                                                                           \
    X(0x000d, "TLS_DH_DSS_WITH_3DES_EDE_CBC_SHA")                                                                      \
    X(0x000e, "TLS_DH_RSA_EXPORT_WITH_DES40_CBC_SHA")                                                                  \
    X(0x000f, "TLS_DH_RSA_WITH_DES_CBC_SHA")                                                                           \
    X(0x0010, "TLS_DH_RSA_WITH_3DES_EDE_CBC_SHA")                                                                      \
    X(0x0011, "TLS_DHE_DSS_EXPORT_WITH_DES40_CBC_SHA")                                                                 \
    X(0x0012, "TLS_DHE_DSS_WITH_DES_CBC_SHA")                                                                          \
    X(0x0013, "TLS_DHE_DSS_WITH_3DES_EDE_CBC_SHA")                                                                     \
    X(0x0014, "TLS_DHE_RSA_EXPORT_WITH_DES40_CBC_SHA")                                                                 \
    X(0x0015, "TLS_DHE_RSA_WITH_DES_CBC_SHA")                                                                          \
    X(0x0016, "TLS_DHE_RSA_WITH_3DES_EDE_CBC_SHA")                                                                     \
    X(0x0017, "TLS_DH_anon_EXPORT_WITH_RC4_40_MD5")                                                                    \
    X(0x0018, "TLS_DH_anon_WITH_RC4_128_MD5")                                                                          \
    X(0x0019, "TLS_DH_anon_EXPORT_WITH_DES40_CBC_SHA")                                                                 \
    X(0x001a, "TLS_DH_anon_WITH_DES_CBC_SHA")                                                                          \
    X(0x001b, "TLS_DH_anon_WITH_3DES_EDE_CBC_SHA")                                                                     \
    X(0x001c, "SSL_FORTEZZA_KEA_WITH_NULL_SHA")                                                                        \
    X(0x001d, "SSL_FORTEZZA_KEA_WITH_FORTEZZA_CBC_SHA")                                                                \
    X(0x001f, "TLS_KRB5_WITH_3DES_EDE_CBC_SHA")                                                                        \
    X(0x0020, "TLS_KRB5_WITH_RC4_128_SHA")                                                                             \
    X(0x0021, "TLS_KRB5_WITH_IDEA_CBC_SHA")                                                                            \
    X(0x0022, "TLS_KRB5_WITH_DES_CBC_MD5")                                                                             \
    X(0x0023, "TLS_KRB5_WITH_3DES_EDE_CBC_MD5")                                                                        \
    X(0x0024, "TLS_KRB5_WITH_RC4_128_MD5")                                                                             \
    X(0x0025, "TLS_KRB5_WITH_IDEA_CBC_MD5")                                                                            \
    X(0x0026, "TLS_KRB5_EXPORT_WITH_DES_CBC_40_SHA")                                                                   \
    X(0x0027, "TLS_KRB5_EXPORT_WITH_RC2_CBC_40_SHA")                                                                   \
    X(0x0028, "TLS_KRB5_EXPORT_WITH_RC4_40_SHA")                                                                       \
    X(0x0029, "TLS_KRB5_EXPORT_WITH_DES_CBC_40_MD5")                                                                   \
    X(0x002a, "TLS_KRB5_EXPORT_WITH_RC2_CBC_40_MD5")                                                                   \
    X(0x002b, "TLS_KRB5_EXPORT_WITH_RC4_40_MD5")                                                                       \
    X(0x002c, "TLS_PSK_WITH_NULL_SHA")                                                                                 \
    X(0x002d, "TLS_DHE_PSK_WITH_NULL_SHA")                                                                             \
    X(0x002e, "TLS_RSA_PSK_WITH_NULL_SHA")                                                                             \
    X(0x002f, "TLS_RSA_WITH_AES_128_CBC_SHA")                                                                          \
    X(0x0030, "TLS_DH_DSS_WITH_AES_128_CBC_SHA")                                                                       \
    X(0x0031, "TLS_DH_RSA_WITH_AES_128_CBC_SHA")                                                                       \
    X(0x0032, "TLS_DHE_DSS_WITH_AES_128_CBC_SHA")                                                                      \
    X(0x0033, "TLS_DHE_RSA_WITH_AES_128_CBC_SHA")                                                                      \
    X(0x0034, "TLS_DH_anon_WITH_AES_128_CBC_SHA")                                                                      \
    X(0x0035, "TLS_RSA_WITH_AES_256_CBC_SHA")                                                                          \
    X(0x0036, "TLS_DH_DSS_WITH_AES_256_CBC_SHA")                                                                       \
    X(0x0037, "TLS_DH_RSA_WITH_AES_256_CBC_SHA")                                                                       \
    X(0x0038, "TLS_DHE_DSS_WITH_AES_256_CBC_SHA")                                                                      \
    X(0x0039, "TLS_DHE_RSA_WITH_AES_256_CBC_SHA")                                                                      \
    X(0x003a, "TLS_DH_anon_WITH_AES_256_CBC_SHA")                                                                      \
    X(0x003b, "TLS_RSA_WITH_NULL_SHA256")                                                                              \
    X(0x003c, "TLS_RSA_WITH_AES_128_CBC_SHA256")                                                                       \
    X(0x003d, "TLS_RSA_WITH_AES_256_CBC_SHA256")                                                                       \
    X(0x003e, "TLS_DH_DSS_WITH_AES_128_CBC_SHA256")                                                                    \
    X(0x003f, "TLS_DH_RSA_WITH_AES_128_CBC_SHA256")                                                                    \
    X(0x0040, "TLS_DHE_DSS_WITH_AES_128_CBC_SHA256")                                                                   \
    X(0x0041, "TLS_RSA_WITH_CAMELLIA_128_CBC_SHA")                                                                     \
    X(0x0042, "TLS_DH_DSS_WITH_CAMELLIA_128_CBC_SHA")                                                                  \
    X(0x0043, "TLS_DH_RSA_WITH_CAMELLIA_128_CBC_SHA")                                                                  \
    X(0x0044, "TLS_DHE_DSS_WITH_CAMELLIA_128_CBC_SHA")                                                                 \
    X(0x0045, "TLS_DHE_RSA_WITH_CAMELLIA_128_CBC_SHA")                                                                 \
    X(0x0046, "TLS_DH_anon_WITH_CAMELLIA_128_CBC_SHA")                                                                 \
    X(0x0060, "TLS_RSA_EXPORT1024_WITH_RC4_56_MD5")                                                                    \
    X(0x0061, "TLS_RSA_EXPORT1024_WITH_RC2_CBC_56_MD5")                                                                \
    X(0x0062, "TLS_RSA_EXPORT1024_WITH_DES_CBC_SHA")                                                                   \
    X(0x0063, "TLS_DHE_DSS_EXPORT1024_WITH_DES_CBC_SHA")                                                               \
    X(0x0064, "TLS_RSA_EXPORT1024_WITH_RC4_56_SHA")                                                                    \
    X(0x0065, "TLS_DHE_DSS_EXPORT1024_WITH_RC4_56_SHA")                                                                \
    X(0x0066, "TLS_DHE_DSS_WITH_RC4_128_SHA")                                                                          \
    X(0x0067, "TLS_DHE_RSA_WITH_AES_128_CBC_SHA256")                                                                   \
    X(0x0068, "TLS_DH_DSS_WITH_AES_256_CBC_SHA256")                                                                    \
    X(0x0069, "TLS_DH_RSA_WITH_AES_256_CBC_SHA256")                                                                    \
    X(0x006a, "TLS_DHE_DSS_WITH_AES_256_CBC_SHA256")                                                                   \
    X(0x006b, "TLS_DHE_RSA_WITH_AES_256_CBC_SHA256")                                                                   \
    X(0x006c, "TLS_DH_anon_WITH_AES_128_CBC_SHA256")                                                                   \
    X(0x006d, "TLS_DH_anon_WITH_AES_256_CBC_SHA256")                                                                   \
    X(0x0084, "TLS_RSA_WITH_CAMELLIA_256_CBC_SHA")                                                                     \
    X(0x0085, "TLS_DH_DSS_WITH_CAMELLIA_256_CBC_SHA")                                                                  \
    X(0x0086, "TLS_DH_RSA_WITH_CAMELLIA_256_CBC_SHA")                                                                  \
    X(0x0087, "TLS_DHE_DSS_WITH_CAMELLIA_256_CBC_SHA")                                                                 \
    X(0x0088, "TLS_DHE_RSA_WITH_CAMELLIA_256_CBC_SHA")                                                                 \
    X(0x0089, "TLS_DH_anon_WITH_CAMELLIA_256_CBC_SHA")                                                                 \
    X(0x008a, "TLS_PSK_WITH_RC4_128_SHA")                                                                              \
    X(0x008b, "TLS_PSK_WITH_3DES_EDE_CBC_SHA")                                                                         \
    X(0x008c, "TLS_PSK_WITH_AES_128_CBC_SHA")                                                                          \
    X(0x008d, "TLS_PSK_WITH_AES_256_CBC_SHA")                                                                          \
    X(0x008e, "TLS_DHE_PSK_WITH_RC4_128_SHA")                                                                          \
    X(0x008f, "TLS_DHE_PSK_WITH_3DES_EDE_CBC_SHA")                                                                     \
    X(0x0090, "TLS_DHE_PSK_WITH_AES_128_CBC_SHA")                                                                      \
    X(0x0091, "TLS_DHE_PSK_WITH_AES_256_CBC_SHA")                                                                      \
    X(0x0092, "TLS_RSA_PSK_WITH_RC4_128_SHA")                                                                          \
    X(0x0093, "TLS_RSA_PSK_WITH_3DES_EDE_CBC_SHA")                                                                     \
    X(0x0094, "TLS_RSA_PSK_WITH_AES_128_CBC_SHA")                                                                      \
    X(0x0095, "TLS_RSA_PSK_WITH_AES_256_CBC_SHA")                                                                      \
    X(0x0096, "TLS_RSA_WITH_SEED_CBC_SHA")                                                                             \
    X(0x0097, "TLS_DH_DSS_WITH_SEED_CBC_SHA")                                                                          \
    X(0x0098, "TLS_DH_RSA_WITH_SEED_CBC_SHA")                                                                          \
    X(0x0099, "TLS_DHE_DSS_WITH_SEED_CBC_SHA")                                                                         \
    X(0x009a, "TLS_DHE_RSA_WITH_SEED_CBC_SHA")                                                                         \
    X(0x009b, "TLS_DH_anon_WITH_SEED_CBC_SHA")                                                                         \
    X(0x009c, "TLS_RSA_WITH_AES_128_GCM_SHA256")                                                                       \
    X(0x009d, "TLS_RSA_WITH_AES_256_GCM_SHA384")                                                                       \
    X(0x009e, "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256")                                                                   \
    X(0x009f, "TLS_DHE_RSA_WITH_AES_256_GCM_SHA384")                                                                   \
    X(0x00a0, "TLS_DH_RSA_WITH_AES_128_GCM_SHA256")                                                                    \
    X(0x00a1, "TLS_DH_RSA_WITH_AES_256_GCM_SHA384")                                                                    \
    X(0x00a2, "TLS_DHE_DSS_WITH_AES_128_GCM_SHA256")                                                                   \
    X(0x00a3, "TLS_DHE_DSS_WITH_AES_256_GCM_SHA384")                                                                   \
    X(0x00a4, "TLS_DH_DSS_WITH_AES_128_GCM_SHA256")                                                                    \
    X(0x00a5, "TLS_DH_DSS_WITH_AES_256_GCM_SHA384")                                                                    \
    X(0x00a6, "TLS_DH_anon_WITH_AES_128_GCM_SHA256")                                                                   \
    X(0x00a7, "TLS_DH_anon_WITH_AES_256_GCM_SHA384")                                                                   \
    X(0x00a8, "TLS_PSK_WITH_AES_128_GCM_SHA256")                                                                       \
    X(0x00a9, "TLS_PSK_WITH_AES_256_GCM_SHA384")                                                                       \
    X(0x00aa, "TLS_DHE_PSK_WITH_AES_128_GCM_SHA256")                                                                   \
    X(0x00ab, "TLS_DHE_PSK_WITH_AES_256_GCM_SHA384")                                                                   \
    X(0x00ac, "TLS_RSA_PSK_WITH_AES_128_GCM_SHA256")                                                                   \
    X(0x00ad, "TLS_RSA_PSK_WITH_AES_256_GCM_SHA384")                                                                   \
    X(0x00ae, "TLS_PSK_WITH_AES_128_CBC_SHA256")                                                                       \
    X(0x00af, "TLS_PSK_WITH_AES_256_CBC_SHA384")                                                                       \
    X(0x00b0, "TLS_PSK_WITH_NULL_SHA256")                                                                              \
    X(0x00b1, "TLS_PSK_WITH_NULL_SHA384")                                                                              \
    X(0x00b2, "TLS_DHE_PSK_WITH_AES_128_CBC_SHA256")                                                                   \
    X(0x00b3, "TLS_DHE_PSK_WITH_AES_256_CBC_SHA384")                                                                   \
    X(0x00b4, "TLS_DHE_PSK_WITH_NULL_SHA256")                                                                          \
    X(0x00b5, "TLS_DHE_PSK_WITH_NULL_SHA384")                                                                          \
    X(0x00b6, "TLS_RSA_PSK_WITH_AES_128_CBC_SHA256")                                                                   \
    X(0x00b7, "TLS_RSA_PSK_WITH_AES_256_CBC_SHA384")                                                                   \
    X(0x00b8, "TLS_RSA_PSK_WITH_NULL_SHA256")                                                                          \
    X(0x00b9, "TLS_RSA_PSK_WITH_NULL_SHA384")                                                                          \
    X(0x00ba, "TLS_RSA_WITH_CAMELLIA_128_CBC_SHA256")                                                                  \
    X(0x00bb, "TLS_DH_DSS_WITH_CAMELLIA_128_CBC_SHA256")                                                               \
    X(0x00bc, "TLS_DH_RSA_WITH_CAMELLIA_128_CBC_SHA256")                                                               \
    X(0x00bd, "TLS_DHE_DSS_WITH_CAMELLIA_128_CBC_SHA256")                                                              \
    X(0x00be, "TLS_DHE_RSA_WITH_CAMELLIA_128_CBC_SHA256")                                                              \
    X(0x00bf, "TLS_DH_anon_WITH_CAMELLIA_128_CBC_SHA256")                                                              \
    X(0x00c0, "TLS_RSA_WITH_CAMELLIA_256_CBC_SHA256")                                                                  \
    X(0x00c1, "TLS_DH_DSS_WITH_CAMELLIA_256_CBC_SHA256")                                                               \
    X(0x00c2, "TLS_DH_RSA_WITH_CAMELLIA_256_CBC_SHA256")                                                               \
    X(0x00c3, "TLS_DHE_DSS_WITH_CAMELLIA_256_CBC_SHA256")                                                              \
    X(0x00c4, "TLS_DHE_RSA_WITH_CAMELLIA_256_CBC_SHA256")                                                              \
    X(0x00c5, "TLS_DH_anon_WITH_CAMELLIA_256_CBC_SHA256")                                                              \
    X(0xc001, "TLS_ECDH_ECDSA_WITH_NULL_SHA")                                                                          \
    X(0xc002, "TLS_ECDH_ECDSA_WITH_RC4_128_SHA")                                                                       \
    X(0xc003, "TLS_ECDH_ECDSA_WITH_3DES_EDE_CBC_SHA")                                                                  \
    X(0xc004, "TLS_ECDH_ECDSA_WITH_AES_128_CBC_SHA")                                                                   \
    X(0xc005, "TLS_ECDH_ECDSA_WITH_AES_256_CBC_SHA")                                                                   \
    X(0xc006, "TLS_ECDHE_ECDSA_WITH_NULL_SHA")                                                                         \
    X(0xc007, "TLS_ECDHE_ECDSA_WITH_RC4_128_SHA")                                                                      \
    X(0xc008, "TLS_ECDHE_ECDSA_WITH_3DES_EDE_CBC_SHA")                                                                 \
    X(0xc009, "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA")                                                                  \
    X(0xc00a, "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA")                                                                  \
    X(0xc00b, "TLS_ECDH_RSA_WITH_NULL_SHA")                                                                            \
    X(0xc00c, "TLS_ECDH_RSA_WITH_RC4_128_SHA")                                                                         \
    X(0xc00d, "TLS_ECDH_RSA_WITH_3DES_EDE_CBC_SHA")                                                                    \
    X(0xc00e, "TLS_ECDH_RSA_WITH_AES_128_CBC_SHA")                                                                     \
    X(0xc00f, "TLS_ECDH_RSA_WITH_AES_256_CBC_SHA")                                                                     \
    X(0xc010, "TLS_ECDHE_RSA_WITH_NULL_SHA")                                                                           \
    X(0xc011, "TLS_ECDHE_RSA_WITH_RC4_128_SHA")                                                                        \
    X(0xc012, "TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA")                                                                   \
    X(0xc013, "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA")                                                                    \
    X(0xc014, "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA")                                                                    \
    X(0xc015, "TLS_ECDH_anon_WITH_NULL_SHA")                                                                           \
    X(0xc016, "TLS_ECDH_anon_WITH_RC4_128_SHA")                                                                        \
    X(0xc017, "TLS_ECDH_anon_WITH_3DES_EDE_CBC_SHA")                                                                   \
    X(0xc018, "TLS_ECDH_anon_WITH_AES_128_CBC_SHA")                                                                    \
    X(0xc019, "TLS_ECDH_anon_WITH_AES_256_CBC_SHA")                                                                    \
    X(0xc01a, "TLS_SRP_SHA_WITH_3DES_EDE_CBC_SHA")                                                                     \
    X(0xc01b, "TLS_SRP_SHA_RSA_WITH_3DES_EDE_CBC_SHA")                                                                 \
    X(0xc01c, "TLS_SRP_SHA_DSS_WITH_3DES_EDE_CBC_SHA")                                                                 \
    X(0xc01d, "TLS_SRP_SHA_WITH_AES_128_CBC_SHA")                                                                      \
    X(0xc01e, "TLS_SRP_SHA_RSA_WITH_AES_128_CBC_SHA")                                                                  \
    X(0xc01f, "TLS_SRP_SHA_DSS_WITH_AES_128_CBC_SHA")                                                                  \
    X(0xc020, "TLS_SRP_SHA_WITH_AES_256_CBC_SHA")                                                                      \
    X(0xc021, "TLS_SRP_SHA_RSA_WITH_AES_256_CBC_SHA")                                                                  \
    X(0xc022, "TLS_SRP_SHA_DSS_WITH_AES_256_CBC_SHA")                                                                  \
    X(0xc023, "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256")                                                               \
    X(0xc024, "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384")                                                               \
    X(0xc025, "TLS_ECDH_ECDSA_WITH_AES_128_CBC_SHA256")                                                                \
    X(0xc026, "TLS_ECDH_ECDSA_WITH_AES_256_CBC_SHA384")                                                                \
    X(0xc027, "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256")                                                                 \
    X(0xc028, "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384")                                                                 \
    X(0xc029, "TLS_ECDH_RSA_WITH_AES_128_CBC_SHA256")                                                                  \
    X(0xc02a, "TLS_ECDH_RSA_WITH_AES_256_CBC_SHA384")                                                                  \
    X(0xc02d, "TLS_ECDH_ECDSA_WITH_AES_128_GCM_SHA256")                                                                \
    X(0xc02e, "TLS_ECDH_ECDSA_WITH_AES_256_GCM_SHA384")                                                                \
    X(0xc031, "TLS_ECDH_RSA_WITH_AES_128_GCM_SHA256")                                                                  \
    X(0xc032, "TLS_ECDH_RSA_WITH_AES_256_GCM_SHA384")                                                                  \
    X(0xc033, "TLS_ECDHE_PSK_WITH_RC4_128_SHA")                                                                        \
    X(0xc034, "TLS_ECDHE_PSK_WITH_3DES_EDE_CBC_SHA")                                                                   \
    X(0xc035, "TLS_ECDHE_PSK_WITH_AES_128_CBC_SHA")                                                                    \
    X(0xc036, "TLS_ECDHE_PSK_WITH_AES_256_CBC_SHA")                                                                    \
    X(0xc037, "TLS_ECDHE_PSK_WITH_AES_128_CBC_SHA256")                                                                 \
    X(0xc038, "TLS_ECDHE_PSK_WITH_AES_256_CBC_SHA384")                                                                 \
    X(0xc039, "TLS_ECDHE_PSK_WITH_NULL_SHA")                                                                           \
    X(0xc03a, "TLS_ECDHE_PSK_WITH_NULL_SHA256")                                                                        \
    X(0xc03b, "TLS_ECDHE_PSK_WITH_NULL_SHA384")                                                                        \
    X(0xc03c, "TLS_RSA_WITH_ARIA_128_CBC_SHA256")                                                                      \
    X(0xc03d, "TLS_RSA_WITH_ARIA_256_CBC_SHA384")                                                                      \
    X(0xc03e, "TLS_DH_DSS_WITH_ARIA_128_CBC_SHA256")                                                                   \
    X(0xc03f, "TLS_DH_DSS_WITH_ARIA_256_CBC_SHA384")                                                                   \
    X(0xc040, "TLS_DH_RSA_WITH_ARIA_128_CBC_SHA256")                                                                   \
    X(0xc041, "TLS_DH_RSA_WITH_ARIA_256_CBC_SHA384")                                                                   \
    X(0xc042, "TLS_DHE_DSS_WITH_ARIA_128_CBC_SHA256")                                                                  \
    X(0xc043, "TLS_DHE_DSS_WITH_ARIA_256_CBC_SHA384")                                                                  \
    X(0xc044, "TLS_DHE_RSA_WITH_ARIA_128_CBC_SHA256")                                                                  \
    X(0xc045, "TLS_DHE_RSA_WITH_ARIA_256_CBC_SHA384")                                                                  \
    X(0xc046, "TLS_DH_anon_WITH_ARIA_128_CBC_SHA256")                                                                  \
    X(0xc047, "TLS_DH_anon_WITH_ARIA_256_CBC_SHA384")                                                                  \
    X(0xc048, "TLS_ECDHE_ECDSA_WITH_ARIA_128_CBC_SHA256")                                                              \
    X(0xc049, "TLS_ECDHE_ECDSA_WITH_ARIA_256_CBC_SHA384")                                                              \
    X(0xc04a, "TLS_ECDH_ECDSA_WITH_ARIA_128_CBC_SHA256")                                                               \
    X(0xc04b, "TLS_ECDH_ECDSA_WITH_ARIA_256_CBC_SHA384")                                                               \
    X(0xc04c, "TLS_ECDHE_RSA_WITH_ARIA_128_CBC_SHA256")                                                                \
    X(0xc04d, "TLS_ECDHE_RSA_WITH_ARIA_256_CBC_SHA384")                                                                \
    X(0xc04e, "TLS_ECDH_RSA_WITH_ARIA_128_CBC_SHA256")                                                                 \
    X(0xc04f, "TLS_ECDH_RSA_WITH_ARIA_256_CBC_SHA384")                                                                 \
    X(0xc050, "TLS_RSA_WITH_ARIA_128_GCM_SHA256")                                                                      \
    X(0xc051, "TLS_RSA_WITH_ARIA_256_GCM_SHA384")                                                                      \
    X(0xc052, "TLS_DHE_RSA_WITH_ARIA_128_GCM_SHA256")                                                                  \
    X(0xc053, "TLS_DHE_RSA_WITH_ARIA_256_GCM_SHA384")                                                                  \
    X(0xc054, "TLS_DH_RSA_WITH_ARIA_128_GCM_SHA256")                                                                   \
    X(0xc055, "TLS_DH_RSA_WITH_ARIA_256_GCM_SHA384")                                                                   \
    X(0xc056, "TLS_DHE_DSS_WITH_ARIA_128_GCM_SHA256")                                                                  \
    X(0xc057, "TLS_DHE_DSS_WITH_ARIA_256_GCM_SHA384")                                                                  \
    X(0xc058, "TLS_DH_DSS_WITH_ARIA_128_GCM_SHA256")                                                                   \
    X(0xc059, "TLS_DH_DSS_WITH_ARIA_256_GCM_SHA384")                                                                   \
    X(0xc05a, "TLS_DH_anon_WITH_ARIA_128_GCM_SHA256")                                                                  \
    X(0xc05b, "TLS_DH_anon_WITH_ARIA_256_GCM_SHA384")                                                                  \
    X(0xc05c, "TLS_ECDHE_ECDSA_WITH_ARIA_128_GCM_SHA256")                                                              \
    X(0xc05d, "TLS_ECDHE_ECDSA_WITH_ARIA_256_GCM_SHA384")                                                              \
    X(0xc05e, "TLS_ECDH_ECDSA_WITH_ARIA_128_GCM_SHA256")                                                               \
    X(0xc05f, "TLS_ECDH_ECDSA_WITH_ARIA_256_GCM_SHA384")                                                               \
    X(0xc060, "TLS_ECDHE_RSA_WITH_ARIA_128_GCM_SHA256")                                                                \
    X(0xc061, "TLS_ECDHE_RSA_WITH_ARIA_256_GCM_SHA384")                                                                \
    X(0xc062, "TLS_ECDH_RSA_WITH_ARIA_128_GCM_SHA256")                                                                 \
    X(0xc063, "TLS_ECDH_RSA_WITH_ARIA_256_GCM_SHA384")                                                                 \
    X(0xc064, "TLS_PSK_WITH_ARIA_128_CBC_SHA256")                                                                      \
    X(0xc065, "TLS_PSK_WITH_ARIA_256_CBC_SHA384")                                                                      \
    X(0xc066, "TLS_DHE_PSK_WITH_ARIA_128_CBC_SHA256")                                                                  \
    X(0xc067, "TLS_DHE_PSK_WITH_ARIA_256_CBC_SHA384")                                                                  \
    X(0xc068, "TLS_RSA_PSK_WITH_ARIA_128_CBC_SHA256")                                                                  \
    X(0xc069, "TLS_RSA_PSK_WITH_ARIA_256_CBC_SHA384")                                                                  \
    X(0xc06a, "TLS_PSK_WITH_ARIA_128_GCM_SHA256")                                                                      \
    X(0xc06b, "TLS_PSK_WITH_ARIA_256_GCM_SHA384")                                                                      \
    X(0xc06c, "TLS_DHE_PSK_WITH_ARIA_128_GCM_SHA256")                                                                  \
    X(0xc06d, "TLS_DHE_PSK_WITH_ARIA_256_GCM_SHA384")                                                                  \
    X(0xc06e, "TLS_RSA_PSK_WITH_ARIA_128_GCM_SHA256")                                                                  \
    X(0xc06f, "TLS_RSA_PSK_WITH_ARIA_256_GCM_SHA384")                                                                  \
    X(0xc070, "TLS_ECDHE_PSK_WITH_ARIA_128_CBC_SHA256")                                                                \
    X(0xc071, "TLS_ECDHE_PSK_WITH_ARIA_256_CBC_SHA384")                                                                \
    X(0xc072, "TLS_ECDHE_ECDSA_WITH_CAMELLIA_128_CBC_SHA256")                                                          \
    X(0xc073, "TLS_ECDHE_ECDSA_WITH_CAMELLIA_256_CBC_SHA384")                                                          \
    X(0xc074, "TLS_ECDH_ECDSA_WITH_CAMELLIA_128_CBC_SHA256")                                                           \
    X(0xc075, "TLS_ECDH_ECDSA_WITH_CAMELLIA_256_CBC_SHA384")                                                           \
    X(0xc076, "TLS_ECDHE_RSA_WITH_CAMELLIA_128_CBC_SHA256")                                                            \
    X(0xc077, "TLS_ECDHE_RSA_WITH_CAMELLIA_256_CBC_SHA384")                                                            \
    X(0xc078, "TLS_ECDH_RSA_WITH_CAMELLIA_128_CBC_SHA256")                                                             \
    X(0xc079, "TLS_ECDH_RSA_WITH_CAMELLIA_256_CBC_SHA384")                                                             \
    X(0xc07a, "TLS_RSA_WITH_CAMELLIA_128_GCM_SHA256")                                                                  \
    X(0xc07b, "TLS_RSA_WITH_CAMELLIA_256_GCM_SHA384")                                                                  \
    X(0xc07c, "TLS_DHE_RSA_WITH_CAMELLIA_128_GCM_SHA256")                                                              \
    X(0xc07d, "TLS_DHE_RSA_WITH_CAMELLIA_256_GCM_SHA384")                                                              \
    X(0xc07e, "TLS_DH_RSA_WITH_CAMELLIA_128_GCM_SHA256")                                                               \
    X(0xc07f, "TLS_DH_RSA_WITH_CAMELLIA_256_GCM_SHA384")                                                               \
    X(0xc080, "TLS_DHE_DSS_WITH_CAMELLIA_128_GCM_SHA256")                                                              \
    X(0xc081, "TLS_DHE_DSS_WITH_CAMELLIA_256_GCM_SHA384")                                                              \
    X(0xc082, "TLS_DH_DSS_WITH_CAMELLIA_128_GCM_SHA256")                                                               \
    X(0xc083, "TLS_DH_DSS_WITH_CAMELLIA_256_GCM_SHA384")                                                               \
    X(0xc084, "TLS_DH_anon_WITH_CAMELLIA_128_GCM_SHA256")                                                              \
    X(0xc085, "TLS_DH_anon_WITH_CAMELLIA_256_GCM_SHA384")                                                              \
    X(0xc086, "TLS_ECDHE_ECDSA_WITH_CAMELLIA_128_GCM_SHA256")                                                          \
    X(0xc087, "TLS_ECDHE_ECDSA_WITH_CAMELLIA_256_GCM_SHA384")                                                          \
    X(0xc088, "TLS_ECDH_ECDSA_WITH_CAMELLIA_128_GCM_SHA256")                                                           \
    X(0xc089, "TLS_ECDH_ECDSA_WITH_CAMELLIA_256_GCM_SHA384")                                                           \
    X(0xc08a, "TLS_ECDHE_RSA_WITH_CAMELLIA_128_GCM_SHA256")                                                            \
    X(0xc08b, "TLS_ECDHE_RSA_WITH_CAMELLIA_256_GCM_SHA384")                                                            \
    X(0xc08c, "TLS_ECDH_RSA_WITH_CAMELLIA_128_GCM_SHA256")                                                             \
    X(0xc08d, "TLS_ECDH_RSA_WITH_CAMELLIA_256_GCM_SHA384")                                                             \
    X(0xc08e, "TLS_PSK_WITH_CAMELLIA_128_GCM_SHA256")                                                                  \
    X(0xc08f, "TLS_PSK_WITH_CAMELLIA_256_GCM_SHA384")                                                                  \
    X(0xc090, "TLS_DHE_PSK_WITH_CAMELLIA_128_GCM_SHA256")                                                              \
    X(0xc091, "TLS_DHE_PSK_WITH_CAMELLIA_256_GCM_SHA384")                                                              \
    X(0xc092, "TLS_RSA_PSK_WITH_CAMELLIA_128_GCM_SHA256")                                                              \
    X(0xc093, "TLS_RSA_PSK_WITH_CAMELLIA_256_GCM_SHA384")                                                              \
    X(0xc094, "TLS_PSK_WITH_CAMELLIA_128_CBC_SHA256")                                                                  \
    X(0xc095, "TLS_PSK_WITH_CAMELLIA_256_CBC_SHA384")                                                                  \
    X(0xc096, "TLS_DHE_PSK_WITH_CAMELLIA_128_CBC_SHA256")                                                              \
    X(0xc097, "TLS_DHE_PSK_WITH_CAMELLIA_256_CBC_SHA384")                                                              \
    X(0xc098, "TLS_RSA_PSK_WITH_CAMELLIA_128_CBC_SHA256")                                                              \
    X(0xc099, "TLS_RSA_PSK_WITH_CAMELLIA_256_CBC_SHA384")                                                              \
    X(0xc09a, "TLS_ECDHE_PSK_WITH_CAMELLIA_128_CBC_SHA256")                                                            \
    X(0xc09b, "TLS_ECDHE_PSK_WITH_CAMELLIA_256_CBC_SHA384")                                                            \
    X(0xc09c, "TLS_RSA_WITH_AES_128_CCM")                                                                              \
    X(0xc09d, "TLS_RSA_WITH_AES_256_CCM")                                                                              \
    X(0xc09e, "TLS_DHE_RSA_WITH_AES_128_CCM")                                                                          \
    X(0xc09f, "TLS_DHE_RSA_WITH_AES_256_CCM")                                                                          \
    X(0xc0a0, "TLS_RSA_WITH_AES_128_CCM_8")                                                                            \
    X(0xc0a1, "TLS_RSA_WITH_AES_256_CCM_8")                                                                            \
    X(0xc0a2, "TLS_DHE_RSA_WITH_AES_128_CCM_8")                                                                        \
    X(0xc0a3, "TLS_DHE_RSA_WITH_AES_256_CCM_8")                                                                        \
    X(0xc0a4, "TLS_PSK_WITH_AES_128_CCM")                                                                              \
    X(0xc0a5, "TLS_PSK_WITH_AES_256_CCM")                                                                              \
    X(0xc0a6, "TLS_DHE_PSK_WITH_AES_128_CCM")                                                                          \
    X(0xc0a7, "TLS_DHE_PSK_WITH_AES_256_CCM")                                                                          \
    X(0xc0a8, "TLS_PSK_WITH_AES_128_CCM_8")                                                                            \
    X(0xc0a9, "TLS_PSK_WITH_AES_256_CCM_8")                                                                            \
    X(0xc0aa, "TLS_PSK_DHE_WITH_AES_128_CCM_8")                                                                        \
    X(0xc0ab, "TLS_PSK_DHE_WITH_AES_256_CCM_8")                                                                        \
    X(0xc0ac, "TLS_ECDHE_ECDSA_WITH_AES_128_CCM")                                                                      \
    X(0xc0ad, "TLS_ECDHE_ECDSA_WITH_AES_256_CCM")                                                                      \
    X(0xc0ae, "TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8")                                                                    \
    X(0xc0af, "TLS_ECDHE_ECDSA_WITH_AES_256_CCM_8")                                                                    \
    X(0xccaa, "TLS_DHE_RSA_WITH_CHACHA20_POLY1305_SHA256")                                                             \
    X(0xccab, "TLS_PSK_WITH_CHACHA20_POLY1305_SHA256")                                                                 \
    X(0xccac, "TLS_ECDHE_PSK_WITH_CHACHA20_POLY1305_SHA256")                                                           \
    X(0xccad, "TLS_DHE_PSK_WITH_CHACHA20_POLY1305_SHA256")                                                             \
    X(0xccae, "TLS_RSA_PSK_WITH_CHACHA20_POLY1305_SHA256")                                                             \
    X(0xd001, "TLS_ECDHE_PSK_WITH_AES_128_GCM_SHA256")                                                                 \
    X(0xd002, "TLS_ECDHE_PSK_WITH_AES_256_GCM_SHA384")                                                                 \
    X(0xd003, "TLS_ECDHE_PSK_WITH_AES_128_CCM_8_SHA256")                                                               \
    X(0xd005, "TLS_ECDHE_PSK_WITH_AES_128_CCM_SHA256")                                                                 \
    X(0xfefe, "SSL_RSA_FIPS_WITH_DES_CBC_SHA")                                                                         \
    X(0xfeff, "SSL_RSA_FIPS_WITH_3DES_EDE_CBC_SHA")

/* Those of today first: what a server of an old version has comes behind. */
#define GROUP_MAP(X)                                                                                                   \
    X(0x11ec, "X25519MLKEM768")                                                                                        \
    X(0x11eb, "SecP256r1MLKEM768")                                                                                     \
    X(0x11ed, "SecP384r1MLKEM1024")                                                                                    \
    X(0x6399, "X25519Kyber768Draft00")                                                                                 \
    X(0x0200, "MLKEM512")                                                                                              \
    X(0x0201, "MLKEM768")                                                                                              \
    X(0x0202, "MLKEM1024")                                                                                             \
    X(0x001d, "X25519")                                                                                                \
    X(0x001e, "X448")                                                                                                  \
    X(0x0017, "P-256")                                                                                                 \
    X(0x0018, "P-384")                                                                                                 \
    X(0x0019, "P-521")                                                                                                 \
    X(0x001a, "brainpoolP256r1")                                                                                       \
    X(0x001b, "brainpoolP384r1")                                                                                       \
    X(0x001c, "brainpoolP512r1")                                                                                       \
    X(0x001f, "brainpoolP256r1tls13")                                                                                  \
    X(0x0020, "brainpoolP384r1tls13")                                                                                  \
    X(0x0021, "brainpoolP512r1tls13")                                                                                  \
    X(0x0029, "curveSM2")                                                                                              \
    X(0x0100, "ffdhe2048")                                                                                             \
    X(0x0101, "ffdhe3072")                                                                                             \
    X(0x0102, "ffdhe4096")                                                                                             \
    X(0x0103, "ffdhe6144")                                                                                             \
    X(0x0104, "ffdhe8192")                                                                                             \
    X(0x0001, "sect163k1")                                                                                             \
    X(0x0002, "sect163r1")                                                                                             \
    X(0x0003, "sect163r2")                                                                                             \
    X(0x0004, "sect193r1")                                                                                             \
    X(0x0005, "sect193r2")                                                                                             \
    X(0x0006, "sect233k1")                                                                                             \
    X(0x0007, "sect233r1")                                                                                             \
    X(0x0008, "sect239k1")                                                                                             \
    X(0x0009, "sect283k1")                                                                                             \
    X(0x000a, "sect283r1")                                                                                             \
    X(0x000b, "sect409k1")                                                                                             \
    X(0x000c, "sect409r1")                                                                                             \
    X(0x000d, "sect571k1")                                                                                             \
    X(0x000e, "sect571r1")                                                                                             \
    X(0x000f, "secp160k1")                                                                                             \
    X(0x0010, "secp160r1")                                                                                             \
    X(0x0011, "secp160r2")                                                                                             \
    X(0x0012, "secp192k1")                                                                                             \
    X(0x0013, "secp192r1")                                                                                             \
    X(0x0014, "secp224k1")                                                                                             \
    X(0x0015, "secp224r1")                                                                                             \
    X(0x0016, "secp256k1")

#define SIGNATURE_MAP(X)                                                                                               \
    X(0x0403, "ecdsa_secp256r1_sha256")                                                                                \
    X(0x0503, "ecdsa_secp384r1_sha384")                                                                                \
    X(0x0603, "ecdsa_secp521r1_sha512")                                                                                \
    X(0x0807, "ed25519")                                                                                               \
    X(0x0808, "ed448")                                                                                                 \
    X(0x0804, "rsa_pss_rsae_sha256")                                                                                   \
    X(0x0805, "rsa_pss_rsae_sha384")                                                                                   \
    X(0x0806, "rsa_pss_rsae_sha512")                                                                                   \
    X(0x0809, "rsa_pss_pss_sha256")                                                                                    \
    X(0x080a, "rsa_pss_pss_sha384")                                                                                    \
    X(0x080b, "rsa_pss_pss_sha512")                                                                                    \
    X(0x0401, "rsa_pkcs1_sha256")                                                                                      \
    X(0x0501, "rsa_pkcs1_sha384")                                                                                      \
    X(0x0601, "rsa_pkcs1_sha512")                                                                                      \
    X(0x0904, "mldsa44")                                                                                               \
    X(0x0905, "mldsa65")                                                                                               \
    X(0x0906, "mldsa87")                                                                                               \
    X(0x081a, "ecdsa_brainpoolP256r1tls13_sha256")                                                                     \
    X(0x081b, "ecdsa_brainpoolP384r1tls13_sha384")                                                                     \
    X(0x081c, "ecdsa_brainpoolP512r1tls13_sha512")                                                                     \
    X(0x0303, "ecdsa_sha224")                                                                                          \
    X(0x0301, "rsa_pkcs1_sha224")                                                                                      \
    X(0x0302, "dsa_sha224")                                                                                            \
    X(0x0402, "dsa_sha256")                                                                                            \
    X(0x0502, "dsa_sha384")                                                                                            \
    X(0x0602, "dsa_sha512")                                                                                            \
    X(0x0203, "ecdsa_sha1")                                                                                            \
    X(0x0201, "rsa_pkcs1_sha1")                                                                                        \
    X(0x0202, "dsa_sha1")                                                                                              \
    X(0x0101, "rsa_pkcs1_md5")

typedef struct entry {
    uint16_t number;
    const char *name;
} entry;

#define ENTRY(number, name) {number, name},
static const entry suites[] = {SUITE_MAP(ENTRY)};
static const entry groups[] = {GROUP_MAP(ENTRY)};
static const entry signatures[] = {SIGNATURE_MAP(ENTRY)};
#define COUNT(list) (sizeof(list) / sizeof *(list))
_Static_assert(COUNT(suites) <= TLS_SUITES_MAX && COUNT(groups) <= TLS_GROUPS_MAX &&
                   COUNT(signatures) <= TLS_SIGNATURES_MAX,
               "there is room for all of them");

static const char *name_of(const entry *entries, size_t count, uint16_t number)
{
    for (size_t i = 0; i < count; i++)
        if (entries[i].number == number)
            return entries[i].name;
    return NULL;
}

const char *tls_suite_name(uint16_t suite)
{
    return name_of(suites, COUNT(suites), suite);
}

const char *tls_group_name(uint16_t group)
{
    return name_of(groups, COUNT(groups), group);
}

const char *tls_signature_name(uint16_t signature)
{
    return name_of(signatures, COUNT(signatures), signature);
}

static bool has(const char *name, const char *part)
{
    return strstr(name, part) != NULL;
}

tls_exchange tls_suite_exchange(uint16_t suite)
{
    const char *name = tls_suite_name(suite);

    if (name == NULL || has(name, "PSK"))
        return TLS_EXCHANGE_NONE;
    if (has(name, "_ECDHE_") || has(name, "_ECDH_anon_"))
        return TLS_EXCHANGE_ECDH;
    return has(name, "_DHE_") || has(name, "_DH_anon_") ? TLS_EXCHANGE_DH : TLS_EXCHANGE_NONE;
}

/* RFC 5246 A.5, RFC 5288 and later: with AEAD or another hash than SHA-1 they are for TLS 1.2. */
static bool is_of(const entry *suite, uint16_t version)
{
    bool of_tls13 = suite->number >> 8 == 0x13;

    if (version == TLS_1_3 || of_tls13)
        return version == TLS_1_3 && of_tls13;
    return version == TLS_1_2 || !(has(suite->name, "_GCM_") || has(suite->name, "_CCM") ||
                                   has(suite->name, "SHA256") || has(suite->name, "SHA384"));
}

size_t tls_suites_of(uint16_t version, uint16_t out[static TLS_SUITES_MAX])
{
    size_t count = 0;

    for (size_t i = 0; i < COUNT(suites); i++)
        if (is_of(&suites[i], version))
            out[count++] = suites[i].number;
    return count;
}

/* RFC 8446 4.2.7: the curves of old have no place in TLS 1.3, the hybrids none before it. */
size_t tls_groups_of(uint16_t version, uint16_t out[static TLS_GROUPS_MAX])
{
    size_t count = 0;

    for (size_t i = 0; i < COUNT(groups); i++)
        if (version == TLS_1_3 || groups[i].number < 256)
            out[count++] = groups[i].number;
    return count;
}

size_t tls_signatures_of(uint16_t version, uint16_t out[static TLS_SIGNATURES_MAX])
{
    size_t count = 0;

    for (size_t i = 0; i < COUNT(signatures); i++)
        if (version >= TLS_1_2)
            out[count++] = signatures[i].number;
    return count;
}
