#include "config/nginx_rules.h"

void nginx_judge_lines(const nginx_judging *judging)
{
    (void)judging;
}
