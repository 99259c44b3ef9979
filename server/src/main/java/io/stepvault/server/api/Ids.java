package io.stepvault.server.api;

import io.stepvault.capture.IdCodec;
import io.stepvault.capture.InvalidIdException;
import io.stepvault.capture.Revision;
import io.stepvault.server.http.Call;
import io.stepvault.server.http.Problem;
import io.stepvault.server.http.ProblemException;

/** Reads ids from paths. There is one way to write each; anything else is refused. */
final class Ids {
    private Ids() {}

    /** @throws ProblemException 400 */
    static String session(Call call) {
        return id(call, "session");
    }

    /** @throws ProblemException 400 */
    static String step(Call call) {
        return id(call, "step");
    }

    /** @throws ProblemException 400 */
    static String attachment(Call call) {
        return id(call, "name");
    }

    /** @throws ProblemException 400 */
    static Revision revision(Call call) {
        try {
            return Revision.parse(call.segment("revision"));
        } catch (IllegalArgumentException e) {
            throw Problem.badRequest("this is no revision; they look like 20261120T080012.345678Z-0123456789abcdef")
                    .asException();
        }
    }

    private static String id(Call call, String segment) {
        try {
            return IdCodec.decode(call.segment(segment));
        } catch (InvalidIdException e) {
            throw Problem.badRequest("the " + segment
                            + " in the path is not encoded: letters, digits, - and _ stay, and . except first; every"
                            + " other byte of its UTF-8 form is %XX, of which a URL writes the percent sign as %25")
                    .asException();
        }
    }
}
