package org.lossservice.web;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What the container does itself is made to follow the contract. */
@Configuration(proxyBeanMethods = false)
class TomcatConfiguration {

    /**
     * Bytes that a connection is read and written by: with the container's own 8192 a large body takes a sixth longer. Every
     * connection has two such buffers, and one with a request under way a third.
     */
    private static final String BUFFER = Integer.toString(1 << 15);

    /** Bytes that a connection takes at the most, beside what its request reserves: 64 KB while it is idle, then 120 to 200. */
    private static final int CONNECTION = 192 << 10;

    /** One part in this many of the heap is for connections; what requests reserve together comes beside it. */
    private static final int SHARE = 8;

    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> contract(
            Telemetry telemetry, ObjectProvider<Tracing> tracing, Shutdown shutdown, LossProperties properties) {
        return factory -> {
            factory.setProtocol(GracefulProtocol.class.getName());
            factory.addEngineValves(
                    new SchedulingValve(),
                    new ObservingValve(telemetry, tracing.getIfAvailable()),
                    new ExchangeValve(
                            shutdown, new Leftovers(properties.admission().pace())));
            factory.addConnectorCustomizers(connector -> {
                GracefulProtocol protocol = (GracefulProtocol) connector.getProtocolHandler();
                protocol.setMaxConnections(connections(
                        protocol.getMaxConnections(), Runtime.getRuntime().maxMemory()));
                protocol.setHeadTime(properties.admission().pace().longest(protocol.getMaxHttpRequestHeaderSize()));
                connector.setProperty("socket.appReadBufSize", BUFFER);
                connector.setProperty("socket.appWriteBufSize", BUFFER);
                // 100 Continue only once the body is wanted: a refusal then spares the client its sending
                connector.setProperty("continueResponseTiming", "onRead");
                // the container's own refusal does not know what the path takes; see MethodFilter
                connector.setAllowTrace(true);
                shutdown.closes(protocol::closeServerSocketGraceful);
            });
        };
    }

    /**
     * As many connections as are wanted, or as there is memory for, if these are fewer; all of those where -1 is
     * wanted.
     */
    static int connections(int wanted, long heap) {
        int most = (int) (heap / SHARE / CONNECTION);
        return wanted < 0 ? most : Math.min(wanted, most);
    }
}
