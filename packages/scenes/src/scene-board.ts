import { type Closable, type Logger, RedisConnection } from "@followspot/runtime";
import type { CurrentScene } from "@followspot/schema/followspot/v1/subscribe";
import { parseSceneEntry, sceneFields, sceneKey } from "./scene-entry.ts";

/** Where a person says which scene is played. */
export class SceneBoard implements Closable {
  readonly #connection: RedisConnection;
  readonly #key: string;

  private constructor(connection: RedisConnection, showId: string) {
    this.#connection = connection;
    this.#key = sceneKey(showId);
  }

  static async connect(options: {
    readonly redisUrl: string;
    readonly showId: string;
    readonly log: Logger;
  }): Promise<SceneBoard> {
    const connection = await RedisConnection.connect(options.redisUrl, "live", options.log);
    return new SceneBoard(connection, options.showId);
  }

  /** An empty id: no scene is played. @throws Error within half a second, without Redis */
  async set(id: string, setAtMs: number): Promise<CurrentScene> {
    const fields = sceneFields(id, setAtMs);
    const version = await this.#connection.client.xadd(this.#key, "MAXLEN", "=", 1, "*", ...fields);
    return parseSceneEntry([version ?? "", fields]);
  }

  /** Undefined where none was ever set. @throws Error within half a second, without Redis */
  async read(): Promise<CurrentScene | undefined> {
    const [entry] = await this.#connection.client.xrevrange(this.#key, "+", "-", "COUNT", 1);
    return entry && parseSceneEntry(entry);
  }

  async close(): Promise<void> {
    await this.#connection.close();
  }
}
