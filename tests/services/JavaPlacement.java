import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;

/** Prints, for each line of a file, the partition that Java's producer gives to that key. */
class JavaPlacement {
    public static void main(String[] arguments) throws Exception {
        int partitions = Integer.parseInt(arguments[1]);
        StringBuilder said = new StringBuilder();
        for (String key : Files.readString(Path.of(arguments[0])).split("\n", -1)) {
            byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
            said.append(BuiltInPartitioner.partitionForKey(bytes, partitions)).append('\n');
        }
        System.out.print(said);
    }
}
