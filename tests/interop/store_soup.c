/* store_soup DATABASE PROXY AUTHORITY URL: fetches URL as a libsoup client with a database of HSTS policies would, and
 * prints the body. */
#include <libsoup/soup.h>
#include <stdio.h>

int main(int argc, char **argv)
{
    GError *error = NULL;

    if (argc != 5)
        return 2;
    SoupSession *session = soup_session_new();
    soup_session_add_feature(session, SOUP_SESSION_FEATURE(soup_hsts_enforcer_db_new(argv[1])));
    soup_session_set_proxy_resolver(session, g_simple_proxy_resolver_new(argv[2], NULL));
    soup_session_set_tls_database(session, g_tls_file_database_new(argv[3], &error));
    GBytes *body =
        error == NULL ? soup_session_send_and_read(session, soup_message_new("GET", argv[4]), NULL, &error) : NULL;
    if (body == NULL) {
        fprintf(stderr, "%s: %s\n", argv[4], error->message);
        return 1;
    }
    fwrite(g_bytes_get_data(body, NULL), 1, g_bytes_get_size(body), stdout);
    /* The database is closed, and so its policies are in the file, when the last reference goes. */
    g_bytes_unref(body);
    g_object_unref(session);
    return 0;
}
