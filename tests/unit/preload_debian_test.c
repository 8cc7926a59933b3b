/*
 * The copy of Firefox's list in Debian's package, where it is installed. How the package is brought:
 * tests/scenes/preload_update.sh.
 */
#include "preload/debian.h"

#include "base/file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static char root[] = "/tmp/holdfast-debian.XXXXXX";

static void put_file(const char *folder, const char *text)
{
    char path[256];

    snprintf(path, sizeof path, "%s/usr/share/mediawiki/%s/SecureLinkFixer/domains.php", root, folder);
    assert_true(base_file_make_folders(path, 0700, NULL));
    assert_true(base_file_replace(path, text, strlen(text), NULL));
}

static void expect(const char *text, const char *origin)
{
    base_buffer got;
    base_error error = {""};
    preload_debian debian = {.root = root, .offline = true, .text = &got};

    base_buffer_init(&got, 1 << 20);
    assert_int_equal(preload_debian_get(&debian, &error), text != NULL);
    if (text != NULL) {
        assert_string_equal(base_buffer_string(&got), text);
        assert_non_null(strstr(debian.origin, origin));
        assert_false(debian.unchanged);
        assert_string_equal(debian.tag, "");
    } else {
        assert_string_equal(error.text, "the package mediawiki is not installed here");
    }
    base_buffer_done(&got);
}

/* Debian has moved it once already. */
static void the_installed_file(void **state)
{
    (void)state;
    expect(NULL, NULL);
    put_file("extensions-core", "core");
    expect("core", "/extensions-core/SecureLinkFixer/domains.php");
    put_file("extensions", "usual");
    expect("usual", "/extensions/SecureLinkFixer/domains.php");
}

static int remove_root(void **state)
{
    static const char *const paths[] = {"/usr/share/mediawiki/extensions/SecureLinkFixer/domains.php",
                                        "/usr/share/mediawiki/extensions-core/SecureLinkFixer/domains.php",
                                        "/usr/share/mediawiki/extensions/SecureLinkFixer",
                                        "/usr/share/mediawiki/extensions-core/SecureLinkFixer",
                                        "/usr/share/mediawiki/extensions",
                                        "/usr/share/mediawiki/extensions-core",
                                        "/usr/share/mediawiki",
                                        "/usr/share",
                                        "/usr",
                                        ""};
    char path[256];

    (void)state;
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        snprintf(path, sizeof path, "%s%s", root, paths[i]);
        (void)remove(path);
    }
    return access(root, F_OK) == 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_installed_file)};

    if (mkdtemp(root) == NULL)
        return 1;
    return cmocka_run_group_tests(tests, NULL, remove_root);
}
