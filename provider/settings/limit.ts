import type { Setting, SettingReader } from "./reader.ts";

/** The number that a limit is set to, and where. */
export interface LimitFound {
	readonly most: number;
	/** The setting's key. */
	readonly setting: string;
	/** The environment variable that sets it; absent where it is the stack's configuration. */
	readonly variable?: string;
}

/**
 * Returns the limit that a setting sets, the smaller one where the stack's configuration and the environment both do;
 * undefined where neither does and there is none.
 */
export function limitBy(reader: SettingReader, setting: Setting): LimitFound | undefined {
	const [configured, fromEnvironment] = reader.apart().map((place) => limitIn(place, setting));
	if (configured === undefined || fromEnvironment === undefined) return configured ?? fromEnvironment;
	return fromEnvironment.most < configured.most ? fromEnvironment : configured;
}

function limitIn(place: SettingReader, setting: Setting): LimitFound | undefined {
	const most = place.amount(setting);
	if (most === undefined) return undefined;
	const variable = place.find(setting)?.variable;
	return { most, setting: setting.key, ...(variable === undefined ? {} : { variable }) };
}
