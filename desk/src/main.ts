import { createApp } from "vue";

import "./look/look.css";
import App from "./App.vue";
import { router } from "./shell/router";
import { words } from "./words/words";

createApp(App).use(words).use(router).mount("#app");
