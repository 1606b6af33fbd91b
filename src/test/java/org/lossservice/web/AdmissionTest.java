package org.lossservice.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.OutputStream;
import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.lossservice.tensor.FaultCode;
import org.lossservice.tensor.FaultException;
import org.springframework.util.unit.DataSize;

class AdmissionTest {

    private static final int MIB = 1 << 20;

    private final Admission admission = admission(Duration.ofSeconds(30));

    /** Eight MiB, two requests at a time, and this long for each. */
    static Admission admission(Duration deadline) {
        return new Admission(
                new LossProperties.Admission(
                        DataSize.ofBytes(0),
                        2,
                        Duration.ofMillis(1),
                        deadline,
                        Duration.ZERO,
                        DataSize.ofTerabytes(1),
                        Duration.ZERO),
                8L * MIB,
                1);
    }

    @Test
    void memoryIsReservedAndGivenBack() {
        try (Admission.Ticket ticket = admission.enter(5)) {
            ticket.reserveForBody(MIB);
            assertThat(admission.reserved()).isEqualTo(5L * MIB);
            try (Admission.Ticket other = admission.enter(1)) {
                other.reserveForBody(3L * MIB);
                assertThat(admission.reserved()).isEqualTo(8L * MIB);
                assertRefused(FaultCode.OVERLOADED, () -> other.reserveAtLeast(4L * MIB));
                assertThat(admission.reserved()).isEqualTo(8L * MIB);
            }
            assertThat(admission.reserved()).isEqualTo(5L * MIB);
        }
        assertThat(admission.reserved()).isZero();
    }

    @Test
    void aReservationGrowsToWhatIsWantedInAll() {
        try (Admission.Ticket ticket = admission.enter(1)) {
            ticket.reserveForBody(100 * 1024);
            ticket.reserveAtLeast(50 * 1024);
            assertThat(admission.reserved()).isEqualTo(100 * 1024);
            ticket.reserveAtLeast(150 * 1024 + 1);
            assertThat(admission.reserved()).isEqualTo(151 * 1024);
        }
    }

    @Test
    void theLargestRequestIsLetInAloneAndLeavesRoomForSmallOnes() {
        try (Admission.Ticket huge = admission.enter(1);
                Admission.Ticket small = admission.enter(5);
                Admission.Ticket second = admission.enter(1)) {
            assertRefused(FaultCode.TOO_LARGE, () -> huge.reserveForBody(9L * MIB + 1));
            assertThat(admission.reserved()).isZero();
            huge.reserveForBody(9L * MIB);
            assertThat(admission.reserved()).isEqualTo(6L * MIB);
            small.reserveForBody(1000);
            assertRefused(FaultCode.OVERLOADED, () -> second.reserveForBody(9L * MIB));
        }
        assertThat(admission.reserved()).isZero();
    }

    @Test
    void whatIsNotNeededAnyMoreIsGivenBack() {
        try (Admission.Ticket ticket = admission.enter(5)) {
            ticket.reserveForBody(MIB);
            ticket.reserveExactly(2L * MIB);
            assertThat(admission.reserved()).isEqualTo(2L * MIB);
            ticket.reserveExactly(4L * MIB);
            assertThat(admission.reserved()).isEqualTo(4L * MIB);
            assertRefused(FaultCode.TOO_LARGE, () -> ticket.reserveExactly(10L * MIB));
            assertThat(admission.reserved()).isEqualTo(4L * MIB);
        }
        assertThat(admission.reserved()).isZero();
    }

    @Test
    void anAnswerIsWrittenWithoutATurn() {
        try (Admission.Ticket first = admission.enter(1);
                Admission.Ticket second = admission.enter(1);
                Admission.Ticket third = admission.enter(1)) {
            first.reserveForBody(MIB);
            first.work(MIB);
            second.work(MIB);
            assertRefused(FaultCode.OVERLOADED, () -> third.work(MIB));
            first.answer(OutputStream.nullOutputStream());
            third.work(MIB);
            assertThat(admission.reserved()).isEqualTo(MIB);
        }
        assertThat(admission.reserved()).isZero();
    }

    @Test
    void anAnswerMustBeTaken() {
        AnswerStream answer =
                new AnswerStream(OutputStream.nullOutputStream(), new Pace(Duration.ZERO, DataSize.ofTerabytes(1)));
        assertRefused(FaultCode.DEADLINE_EXCEEDED, () -> answer.write(new byte[100]));
    }

    @Test
    void soManyRequestsAreWorkedOnAtATime() {
        try (Admission.Ticket first = admission.enter(1);
                Admission.Ticket third = admission.enter(1)) {
            first.work(10);
            try (Admission.Ticket second = admission.enter(1)) {
                second.work(10);
                assertRefused(FaultCode.OVERLOADED, () -> third.work(10));
            }
            third.work(10);
        }
    }

    @Test
    void largeRequestsWaitForEachOther() {
        Admission wide = new Admission(
                new LossProperties.Admission(
                        DataSize.ofBytes(0),
                        100,
                        Duration.ofMillis(1),
                        Duration.ofSeconds(30),
                        Duration.ZERO,
                        DataSize.ofBytes(0),
                        Duration.ZERO),
                8L * MIB,
                1);
        try (Admission.Ticket first = wide.enter(1);
                Admission.Ticket second = wide.enter(1);
                Admission.Ticket third = wide.enter(1);
                Admission.Ticket small = wide.enter(1)) {
            first.work(MIB);
            second.work(MIB);
            assertRefused(FaultCode.OVERLOADED, () -> third.work(MIB));
            small.work(1000);
        }
        try (Admission.Ticket later = wide.enter(1)) {
            later.work(MIB);
        }
    }

    @Test
    void deadline() {
        try (Admission.Ticket ticket = admission(Duration.ZERO).enter(1)) {
            ticket.work(10);
            assertRefused(FaultCode.DEADLINE_EXCEEDED, ticket::requireTime);
            assertRefused(FaultCode.DEADLINE_EXCEEDED, () -> ticket.answer(OutputStream.nullOutputStream()));
        }
    }

    @Test
    void uploadsMustMakeProgress() {
        try (Admission.Ticket ticket = admission.enter(1)) {
            assertRefused(FaultCode.DEADLINE_EXCEEDED, () -> ticket.requireProgress(1));
        }
    }

    private static void assertRefused(FaultCode code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        FaultException.class,
                        refusal ->
                                assertThat(refusal.faults().getFirst().code()).isEqualTo(code));
    }
}
