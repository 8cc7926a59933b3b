/* base/error.h: long quotations are cut between characters, short ones stay where they are. */
#include "base/error.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void what_is_short_stays_itself(void **state)
{
    char text[BASE_CUT_MAX];

    (void)state;
    memset(text, 'x', sizeof text);
    text[sizeof text - 1] = '\0';
    assert_ptr_equal(BASE_CUT(text), text);
    text[0] = '\0';
    assert_ptr_equal(BASE_CUT(text), text);
}

static void what_is_long_is_cut(void **state)
{
    char text[BASE_CUT_MAX + 1] = "";
    const char *cut;

    (void)state;
    memset(text, 'x', sizeof text - 1);
    cut = BASE_CUT(text);
    assert_int_equal(strlen(cut), BASE_CUT_MAX - 1);
    assert_memory_equal(cut, text, BASE_CUT_MAX - 4);
    assert_string_equal(cut + BASE_CUT_MAX - 4, "...");
}

static void no_character_is_cut_in_two(void **state)
{
    char text[4 * BASE_CUT_MAX];
    size_t shift, i;

    (void)state;
    for (shift = 0; shift < 4; shift++) {
        const char *cut;
        memset(text, 'x', shift);
        for (i = shift; i + 4 < sizeof text; i += 4)
            memcpy(text + i, "\xf0\x9f\x98\x80", 4);
        text[i] = '\0';
        cut = BASE_CUT(text);
        assert_int_equal((strlen(cut) - strlen("...") - shift) % 4, 0);
        assert_string_equal(cut + strlen(cut) - 3, "...");
    }
    /* Of octets that are no UTF-8 nothing may be left, but nothing is read outside either. */
    memset(text, 0x80, sizeof text - 1);
    text[sizeof text - 1] = '\0';
    assert_string_equal(BASE_CUT(text), "...");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_short_stays_itself),
        cmocka_unit_test(what_is_long_is_cut),
        cmocka_unit_test(no_character_is_cut_in_two),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
