package org.lossservice.format;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.lossservice.tensor.Fault;
import org.lossservice.tensor.FaultCode;
import org.lossservice.tensor.Faults;

/** Collects the tensors of a body by name: one that is not known, or known already, is a fault. */
public final class TensorNames {

    private final List<String> known;
    private final List<String> parameters;
    private final Faults faults;
    private final Map<String, StoredTensor> tensors = new LinkedHashMap<>();

    /**
     * @param known the tensors there may be
     * @param parameters what is sent as query parameters and not in the body
     * @param faults receives what is wrong with the tensors, here and in the methods of {@link TensorFile}
     */
    public TensorNames(List<String> known, List<String> parameters, Faults faults) {
        this.known = known;
        this.parameters = parameters;
        this.faults = faults;
    }

    /** Whether a tensor of that name is known and has not come yet; if not, adds a fault. */
    boolean accepts(String name) {
        if (!known.contains(name)) {
            unknown(name, Text.suggestion(name, known, parameters, "a query parameter"));
        } else if (tensors.containsKey(name)) {
            faults.add(() -> Fault.of(FaultCode.DUPLICATE_FIELD, name, "there is more than one tensor " + name));
        } else {
            return true;
        }
        return false;
    }

    /** Adds the fault of a tensor that is not known; {@code hint} ends its message. */
    void unknown(String name, String hint) {
        faults.add(() -> Fault.ofUnknown(FaultCode.UNKNOWN_FIELD, name, "unknown tensor " + Text.quote(name) + hint));
    }

    /** Adds a tensor that was accepted. */
    void put(StoredTensor tensor) {
        tensors.put(tensor.name(), tensor);
    }

    /** The tensors that were added. */
    TensorFile file(boolean finite) {
        return new TensorFile(tensors, finite, faults);
    }
}
