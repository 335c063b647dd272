export { ObservationPublisher, type PublishOutcome } from "./observation-publisher.ts";
export {
  FIRST_ID,
  ObservationReader,
  type ObservationReaderOptions,
  type ReceivedObservation,
} from "./observation-reader.ts";
export { WorkerStatusBoard } from "./worker-status-board.ts";
