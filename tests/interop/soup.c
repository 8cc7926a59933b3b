/* soup STDIN: one field value a line in hexadecimal; prints "vN.sts.test ISD" for each that libsoup makes a lasting
 * policy of. */
#include <libsoup/soup.h>
#include <stdio.h>
#include <string.h>

#define LINE_MAX_OCTETS 8192

static void judge(unsigned number, const char *value)
{
    char host[32], url[64];
    SoupMessage *message;
    SoupHSTSPolicy *policy;

    snprintf(host, sizeof host, "v%u.sts.test", number);
    snprintf(url, sizeof url, "https://%s/", host);
    message = soup_message_new("GET", url);
    soup_message_headers_append(soup_message_get_response_headers(message), "Strict-Transport-Security", value);
    policy = soup_hsts_policy_new_from_response(message);
    /* One that has expired, or lasts for the session alone, is in no store. */
    if (policy != NULL && !soup_hsts_policy_is_expired(policy) && !soup_hsts_policy_is_session_policy(policy))
        printf("%s %d\n", host, soup_hsts_policy_includes_subdomains(policy));
    if (policy != NULL)
        soup_hsts_policy_free(policy);
    g_object_unref(message);
}

int main(void)
{
    char line[2 * LINE_MAX_OCTETS + 2], value[LINE_MAX_OCTETS + 1];
    unsigned number = 0, octet;

    while (fgets(line, sizeof line, stdin) != NULL) {
        size_t length = strcspn(line, "\n") / 2;

        for (size_t i = 0; i < length; i++) {
            if (sscanf(line + 2 * i, "%2x", &octet) != 1)
                return 1;
            value[i] = (char)octet;
        }
        value[length] = '\0';
        judge(number++, value);
    }
    return 0;
}
