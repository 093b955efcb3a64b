@echo off
rem Installs the course from this folder, without a connection, into the folder "nst_jax class" of your home,
rem and opens it.
setlocal
set "here=%~dp0"
set "home=%USERPROFILE%\nst_jax class"
set "python="
for %%v in (@PYTHONS@) do (
    py -%%v -c "" >nul 2>nul && set "python=%%v"
)
if not defined python (
    echo This needs one of these versions of Python: @PYTHONS@. Install one, then start again.
    pause
    exit /b 2
)
if not exist "%home%\notebooks" mkdir "%home%\notebooks"
for %%w in ("%here%wheels\nst_jax-*.whl") do set "package=%%w"
fc /b "%package%" "%home%\installed" >nul 2>nul
if errorlevel 1 (
    echo Installing, once: a few minutes.
    if exist "%home%\installed" del "%home%\installed"
    if exist "%home%\venv" rmdir /s /q "%home%\venv"
    py -%python% -m venv "%home%\venv" || goto failed
    "%home%\venv\Scripts\python" -m pip install --quiet --no-index --find-links "%here%wheels" "nst_jax[notebook]" || goto failed
    mkdir "%home%\venv\share\jupyter\lab\settings" 2>nul
    echo {"@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": false}}> "%home%\venv\share\jupyter\lab\settings\overrides.json"
    if exist "%here%data" (
        xcopy /e /i /q /y "%here%data" "%home%\data" >nul || goto failed
    )
    copy /y "%package%" "%home%\installed" >nul
)
for %%n in ("%here%notebooks\*.ipynb") do (
    if not exist "%home%\notebooks\%%~nxn" copy "%%n" "%home%\notebooks" >nul
)
if exist "%here%teacher" (
    if not exist "%home%\notebooks\teacher" mkdir "%home%\notebooks\teacher"
    for %%n in ("%here%teacher\*.ipynb" "%here%teacher\*.md") do (
        if not exist "%home%\notebooks\teacher\%%~nxn" copy "%%n" "%home%\notebooks\teacher" >nul
    )
)
if exist "%home%\notebooks\class-word.txt" del "%home%\notebooks\class-word.txt"
if exist "%here%notebooks\class-word.txt" copy /y "%here%notebooks\class-word.txt" "%home%\notebooks" >nul
set "NST_JAX_DATA=%home%\data"
cd /d "%home%\notebooks"
"%home%\venv\Scripts\python" -m jupyter lab 00_quickstart.ipynb %*
exit /b
:failed
echo The installation failed; the lines above say why.
pause
exit /b 2
