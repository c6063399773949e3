package resonance.study;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** What this machine is called in messages that people on others read. */
final class HostName {
    private HostName() {}

    static String get() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException itHasNone) {
            return "a machine without a name";
        }
    }
}
