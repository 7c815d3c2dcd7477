/** A stack's configuration. */
export interface ConfigSource {
	/** Returns a value by its full key, such as `iothub:hostName`; undefined if it is not set. */
	(key: string): string | undefined;
	/** All keys; absent if they cannot be listed. */
	readonly keys?: readonly string[];
	/** The project's name, which is the namespace of the keys that the program reads for itself; absent if it is not known. */
	readonly projectName?: string;
	/** Returns the sentence that describes how to set a setting in this source. Default: with `pulumi config set`. */
	readonly describeHowToSet?: (setting: MissingSetting) => string;
}

/** The properties of a setting that a message needs to describe how to set it. */
export interface MissingSetting {
	/** The configuration key with its namespace. */
	readonly key: string;
	/** Environment variables that also set it. */
	readonly env: readonly string[];
	/** Whether the value is a secret. */
	readonly secret?: true;
	/** An example of the value. */
	readonly example: string;
}

/** The host's configuration. Every host that calls `configure` passes the two optional properties, but its type does not declare them. */
interface HostConfig {
	get(key: string): string | undefined;
	readonly rawConfig?: unknown;
	readonly projectName?: unknown;
}

/** How long to wait for the configuration, in milliseconds; the host sends it before anything else. */
const CONFIGURE_TIMEOUT_MS = 60_000;

/**
 * The stack's configuration, which the provider host passes to `configure`. The host calls other methods while an
 * asynchronous `configure` is still running, so each of them waits for it.
 */
export class StackConfig {
	readonly #promise: Promise<ConfigSource>;
	#resolve: (config: ConfigSource) => void = () => {};
	#isConfigured = false;

	constructor() {
		this.#promise = new Promise((resolve) => {
			this.#resolve = resolve;
		});
	}

	/** Whether the configuration has arrived. */
	get isConfigured(): boolean {
		return this.#isConfigured;
	}

	/** Accepts the request of the host's `configure`. Later calls are ignored, so that clients are created once. */
	configure(request: unknown): void {
		if (typeof request !== "object" || request === null || !("config" in request))
			throw new TypeError("configure without config");
		const { config } = request as { config: HostConfig };
		const { rawConfig, projectName } = config;
		this.#isConfigured = true;
		this.#resolve(
			Object.assign((key: string) => config.get(key), {
				...(typeof rawConfig === "object" && rawConfig !== null ? { keys: Object.keys(rawConfig) } : {}),
				...(typeof projectName === "string" ? { projectName } : {}),
			}),
		);
	}

	/** Resolves to the configuration once it has arrived. Throws if it does not arrive within a minute. */
	async waitForConfig(): Promise<ConfigSource> {
		let timer: NodeJS.Timeout | undefined;
		const timeout = new Promise<never>((_, reject) => {
			timer = setTimeout(() => reject(new Error(PULUMI_TOO_OLD)), CONFIGURE_TIMEOUT_MS);
		});
		try {
			return await Promise.race([this.#promise, timeout]);
		} finally {
			clearTimeout(timer);
		}
	}
}

const PULUMI_TOO_OLD =
	"Pulumi's provider host did not send the stack's configuration. Install @pulumi/pulumi 3.150 or later, which sends it.";
