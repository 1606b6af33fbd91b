package org.lossservice.format;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.lossservice.tensor.FaultException;
import org.lossservice.tensor.Faults;
import tools.jackson.core.JacksonException;

/**
 * The members of a body. At first all is taken to be well: the elements of arrays are only checked when {@link
 * NumberScan} reads them. Where anything turns out to be wrong, {@link JsonMembers#read} goes through the whole body,
 * and what that finds counts.
 */
final class JsonSource {

    private final byte[] body;
    private final int length;
    private final List<String> fields;
    private final JsonLimits limits;
    private Map<String, JsonMember> members;

    /** The members in which anything may yet be wrong. */
    private final Set<String> unchecked;

    /**
     * @param faults receives unknown and repeated members
     * @throws FaultException as {@link JsonMembers#read}
     */
    JsonSource(byte[] body, int length, List<String> fields, JsonLimits limits, Faults faults) {
        this.body = body;
        this.length = length;
        this.fields = fields;
        this.limits = limits;
        JsonMembers read = first(faults);
        this.members = read.members();
        this.unchecked = read.skimmed();
    }

    private JsonMembers first(Faults faults) {
        try {
            return JsonMembers.skim(body, length, fields, limits, faults);
        } catch (JacksonException | FaultException e) {
            return JsonMembers.read(body, length, fields, limits, faults);
        }
    }

    /** The member of a name, null where it is not there. */
    @Nullable
    JsonMember get(String name) {
        return members.get(name);
    }

    /** The member of a name, which is known to be there. */
    JsonMember require(String name) {
        return Objects.requireNonNull(members.get(name));
    }

    /** States that a member has been read whole and that nothing is wrong with it. */
    void confirm(String name) {
        unchecked.remove(name);
    }

    /**
     * Checks all of the body, unless all arrays are confirmed.
     *
     * @throws FaultException as {@link JsonMembers#read}
     */
    void check() {
        if (!unchecked.isEmpty()) {
            members =
                    JsonMembers.read(body, length, fields, limits, new Faults()).members();
            unchecked.clear();
        }
    }
}
