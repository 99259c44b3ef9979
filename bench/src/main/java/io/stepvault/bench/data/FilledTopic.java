package io.stepvault.bench.data;

/**
 * A topic that holds a data set.
 *
 * @param name of the topic; {@link #completions} and {@link #deadLetters} exist as well
 * @param records one for each capture, or several for those that are chunked
 */
public record FilledTopic(String name, DataSet data, long records) {
    /** Where completion events go of a topic's captures. */
    public static String completions(String topic) {
        return topic + ".completed";
    }

    /** Where captures of a topic go that cannot be stored. */
    public static String deadLetters(String topic) {
        return topic + ".dead-letters";
    }
}
