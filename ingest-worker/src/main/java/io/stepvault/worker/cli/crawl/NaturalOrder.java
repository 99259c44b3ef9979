package io.stepvault.worker.cli.crawl;

import java.math.BigInteger;
import java.util.Comparator;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Orders names as people count: {@code step-2} before {@code step-10}. A total order; equal only if equal. */
final class NaturalOrder implements Comparator<String> {
    private static final Pattern PART = Pattern.compile("[0-9]+|[^0-9]+");

    @Override
    public int compare(String one, String other) {
        String[] ones = PART.matcher(one).results().map(MatchResult::group).toArray(String[]::new);
        String[] others = PART.matcher(other).results().map(MatchResult::group).toArray(String[]::new);
        for (int i = 0; i < Math.min(ones.length, others.length); i++) {
            int order = compareParts(ones[i], others[i]);
            if (order != 0) {
                return order;
            }
        }
        int byLength = Integer.compare(ones.length, others.length);
        return byLength != 0 ? byLength : one.compareTo(other);
    }

    private static int compareParts(String one, String other) {
        return isNumber(one) && isNumber(other)
                ? new BigInteger(one).compareTo(new BigInteger(other))
                : one.compareTo(other);
    }

    private static boolean isNumber(String part) {
        return part.charAt(0) >= '0' && part.charAt(0) <= '9';
    }
}
