/**
 * Signs in with the settings of its argument and of its environment, and prints all that the error has, or where there is
 * none the credential.
 */
import { entraSettings } from "../../provider/auth/entra.settings.ts";
import { entra } from "../../provider/auth/entra.ts";
import { systemClock } from "../../provider/http/clock.ts";
import { explained } from "../../provider/presentable.ts";
import { SettingReader } from "../../provider/settings/reader.ts";
import { printedForms } from "./printedForms.ts";

const settings: Readonly<Record<string, string>> = JSON.parse(process.argv[2] ?? "{}");
const reader = new SettingReader({ config: (key) => settings[key], env: process.env });
const credential = entra(reader, {
	settings: entraSettings("iothub"),
	scope: "https://iothubs.azure.net/.default",
	because: "no connection string names the hub",
	clock: systemClock,
});

credential.authorization().then(
	() => console.log("it succeeded", printedForms(credential).join("\n")),
	(error: unknown) => console.log(printedForms(explained(error)).join("\n")),
);
