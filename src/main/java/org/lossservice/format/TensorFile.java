package org.lossservice.format;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.lossservice.tensor.DType;
import org.lossservice.tensor.Fault;
import org.lossservice.tensor.FaultCode;
import org.lossservice.tensor.Faults;
import org.lossservice.tensor.FloatingTensor;
import org.lossservice.tensor.Labels;

/**
 * The tensors of a binary body, known by name and read strictly. What is wrong with them is added to one {@link Faults}
 * and nothing stands in their place, so that everything wrong is found in one reading; a body that is no file of its
 * format is thrown out at once.
 */
public final class TensorFile {

    private final Map<String, StoredTensor> tensors;
    private final boolean finite;
    private final Faults faults;

    TensorFile(Map<String, StoredTensor> tensors, boolean finite, Faults faults) {
        this.tensors = tensors;
        this.finite = finite;
        this.faults = faults;
    }

    /** Adds a fault where there is no such tensor. */
    public void require(String name, String description) {
        if (!tensors.containsKey(name)) {
            faults.add(Fault.of(FaultCode.MISSING_FIELD, name, name + " is missing: " + description));
        }
    }

    /** The type of a floating point tensor; null where there is none of that name. */
    public @Nullable DType dtype(String name) {
        StoredTensor tensor = tensors.get(name);
        return tensor == null || tensor.type() == null ? null : tensor.type().dtype();
    }

    /** How many rows or numbers the tensor has; -1 where it is not there or has not {@code rank} dimensions, at least 1. */
    public int length(String name, int rank) {
        StoredTensor tensor = tensors.get(name);
        return tensor == null || tensor.dimensions().size() != rank
                ? -1
                : tensor.dimensions().getFirst();
    }

    /** How many columns the matrix of that name has; -1 where there is none. */
    public int columns(String name) {
        StoredTensor tensor = tensors.get(name);
        return tensor == null || tensor.dimensions().size() != 2
                ? -1
                : tensor.dimensions().getLast();
    }

    /**
     * Scores of shape [N, C] with N and C at least 1; null where they are not there or at fault.
     *
     * @throws org.lossservice.tensor.FaultException where the body is malformed, here and in the methods that follow
     */
    public @Nullable FloatingTensor matrix(String name) {
        StoredTensor tensor = tensors.get(name);
        if (tensor == null || !isFloating(tensor, null)) {
            return null;
        }
        int rank = tensor.dimensions().size();
        if (rank != 2) {
            wrongShape(
                    tensor,
                    "must have two dimensions, [N, C]"
                            + (rank == 1 ? "; a single sample is one row: reshape it to [1, C]" : ""));
            return null;
        }
        if (tensor.elements() == 0) {
            wrongShape(tensor, "needs at least one row and one column");
            return null;
        }
        return floating(tensor);
    }

    /**
     * Numbers of shape [n]; null where they are not there or at fault.
     *
     * @param dtype the type that they must have, input's; null where it is not known
     * @param scalar whether a tensor of shape [] may stand for one of shape [1]
     */
    public @Nullable FloatingTensor vector(String name, @Nullable DType dtype, boolean scalar) {
        StoredTensor tensor = tensors.get(name);
        if (tensor == null || !isFloating(tensor, dtype) || !isVector(tensor, scalar)) {
            return null;
        }
        return floating(tensor);
    }

    /**
     * Classes of shape [N]; null where they are not there or at fault.
     *
     * @param classes C, or less than 1 where it could not be learned
     */
    public @Nullable Labels labels(String name, int classes) {
        StoredTensor tensor = tensors.get(name);
        if (tensor == null) {
            return null;
        }
        ElementType type = tensor.type();
        if (type != ElementType.INT32 && type != ElementType.INT64) {
            wrongType(tensor, "int32 and int64 work");
            return null;
        }
        if (!isVector(tensor, false)) {
            return null;
        }
        LabelReader reader = new LabelReader(tensor.elements(), classes, faults);
        ElementReader.forEachInteger(tensor, reader);
        return reader.labels();
    }

    private boolean isFloating(StoredTensor tensor, @Nullable DType expected) {
        DType dtype = tensor.type() == null ? null : tensor.type().dtype();
        if (dtype == null) {
            wrongType(tensor, "float32 and float64 work");
            return false;
        }
        if (expected != null && dtype != expected) {
            wrongType(tensor, "it must be " + expected + " as input is");
            return false;
        }
        return true;
    }

    private boolean isVector(StoredTensor tensor, boolean scalar) {
        int rank = tensor.dimensions().size();
        if (rank == 1 || (rank == 0 && scalar)) {
            return true;
        }
        wrongShape(tensor, "must have one dimension");
        return false;
    }

    private FloatingTensor floating(StoredTensor stored) {
        ElementReader.Floating floating = ElementReader.floating(stored);
        if (finite && !floating.finite()) {
            addNonFinite(stored.name(), floating.tensor());
        }
        return floating.tensor();
    }

    private void addNonFinite(String name, FloatingTensor tensor) {
        for (int i = 0; i < tensor.shape().elements(); i++) {
            double value = tensor.get(i);
            if (!Double.isFinite(value)) {
                int flat = i;
                faults.add(() -> notFinite(name, tensor.shape().indices(flat), value));
            }
        }
    }

    private static Fault notFinite(String name, List<Integer> index, double value) {
        return new Fault(
                FaultCode.NOT_FINITE,
                name,
                index,
                name + (index.isEmpty() ? "" : index) + " is " + shown(value)
                        + "; only finite numbers are taken, unless non_finite is propagate");
    }

    private static String shown(double value) {
        return Double.isNaN(value) ? "NaN" : value > 0 ? "infinity" : "-infinity";
    }

    private void wrongType(StoredTensor tensor, String expected) {
        faults.add(() -> Fault.of(
                FaultCode.WRONG_DTYPE, tensor.name(), tensor.name() + " holds " + tensor.typeName() + "; " + expected));
    }

    private void wrongShape(StoredTensor tensor, String expected) {
        faults.add(() -> Fault.of(
                FaultCode.WRONG_SHAPE,
                tensor.name(),
                tensor.name() + " has shape " + Extents.shown(tensor.dimensions()) + ", but " + expected));
    }
}
